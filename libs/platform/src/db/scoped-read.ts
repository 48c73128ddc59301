import pg from 'pg';
import type { Connection, QueryConfig } from 'pg';

/** What a result knows of its columns once Postgres has described them. */
type Shape = { fields: unknown; _parsers: unknown; _prebuiltEmptyResultObject: unknown };
/** What the driver has of a query, and calls on it while its answers come in; its types name only `submit`. */
type Driven = {
  readonly name: string;
  readonly _result: Shape;
  _accumulateRows: boolean;
  prepare(connection: Connection): void;
  handleRowDescription(message: unknown): void;
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, connection: Connection): void;
};
type Wire = Connection & {
  readonly stream: { cork(): void; uncork(): void; destroy(error: Error): void };
  parse(query: { name: string; text: string; types: unknown[] }): void;
  bind(config: { statement: string; values: readonly string[] }): void;
  execute(config: object): void;
};
const driven = pg.Query.prototype as unknown as Driven & { submit(connection: Connection): Error | null };

const SCOPE = `SELECT set_config('app.tenant_id', $1, true), set_config('transaction_read_only', 'on', true)`;

/** The shapes of the statements that a connection has described, and that connection asking for no description. It knows the statement above. */
type Acquaintance = { readonly shapes: Map<string, Shape>; readonly brief: Connection };
const acquaintances = new WeakMap<Connection, Acquaintance>();

/**
 * One statement read as a tenant, in one message of the extended protocol: the tenant is set, the statement runs, and only then comes the Sync
 * that ends both. Postgres takes what lies before one Sync for one transaction, so the tenant is gone with it, and answers once, not three times.
 *
 * Its columns are described the first time only, on each connection.
 * They cannot change unheard, because Postgres refuses a prepared statement whose columns did.
 */
export class ScopedRead extends pg.Query {
  private isScoped = false;
  private shapes = new Map<string, Shape>();
  private readonly tenantId: string;

  constructor(tenantId: string, { name, text, values }: QueryConfig) {
    super(text, values); // of an object it makes a copy by its property descriptors
    this.tenantId = tenantId;
    (this as { name?: string | undefined }).name = name;
  }

  override submit = (connection: Connection): Error | null => {
    const wire = connection as Wire;
    wire.stream.cork();
    try {
      this.shapes = (acquaintances.get(wire) ?? meet(wire)).shapes;
      wire.bind({ statement: 'scope', values: [this.tenantId] });
      wire.execute({});
      const refused = driven.submit.call(this, connection); // by the driver, before anything of it was sent
      if (refused) wire.stream.destroy(refused); // or the scope, which no Sync has ended, would be the next query's
      return refused;
    } finally {
      wire.stream.uncork();
    }
  };

  prepare(connection: Connection): void {
    const self = this as unknown as Driven;
    const shape = this.shapes.get(self.name);
    if (!shape) return driven.prepare.call(self, connection);
    Object.assign(self._result, shape);
    self._accumulateRows = true;
    driven.prepare.call(self, acquaintances.get(connection)?.brief ?? connection);
  }

  handleRowDescription(message: unknown): void {
    const self = this as unknown as Driven;
    driven.handleRowDescription.call(self, message);
    const { fields, _parsers, _prebuiltEmptyResultObject } = self._result;
    this.shapes.set(self.name, { fields, _parsers, _prebuiltEmptyResultObject });
  }

  // the first answer is that of the scope: one row, which nobody described, and its end

  handleDataRow(message: unknown): void {
    if (this.isScoped) driven.handleDataRow.call(this as never, message);
  }

  handleCommandComplete(message: unknown, connection: Connection): void {
    if (this.isScoped) driven.handleCommandComplete.call(this as never, message, connection);
    this.isScoped = true;
  }
}

const meet = (wire: Wire): Acquaintance => {
  wire.parse({ name: 'scope', text: SCOPE, types: [] });
  const brief = Object.create(wire, { describe: { value: () => {} } }) as Connection;
  const met = { shapes: new Map<string, Shape>(), brief };
  acquaintances.set(wire, met);
  return met;
};
