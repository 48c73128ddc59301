import pg from 'pg';
import type { Connection, QueryConfig } from 'pg';

/** What the driver calls on a query while its answers come in; its types name only `submit`. */
type Driven = {
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
const scoped = new WeakSet<Connection>(); // that know the statement above

/**
 * One statement read as a tenant, in one message of the extended protocol: the tenant is set, the statement runs, and only then comes the Sync
 * that ends both. Postgres takes what lies before one Sync for one transaction, so the tenant is gone with it, and answers once, not three times.
 */
export class ScopedRead extends pg.Query {
  private isScoped = false;
  private readonly tenantId: string;

  constructor(tenantId: string, query: QueryConfig) {
    super(query);
    this.tenantId = tenantId;
  }

  override submit = (connection: Connection): Error | null => {
    const wire = connection as Wire;
    wire.stream.cork();
    try {
      if (!scoped.has(wire)) wire.parse({ name: 'scope', text: SCOPE, types: [] });
      scoped.add(wire);
      wire.bind({ statement: 'scope', values: [this.tenantId] });
      wire.execute({});
      const refused = driven.submit.call(this, connection); // by the driver, before anything of it was sent
      if (refused) wire.stream.destroy(refused); // or the scope, which no Sync has ended, would be the next query's
      return refused;
    } finally {
      wire.stream.uncork();
    }
  };

  // the first answer is that of the scope: one row, which nobody described, and its end

  handleDataRow(message: unknown): void {
    if (this.isScoped) driven.handleDataRow.call(this as never, message);
  }

  handleCommandComplete(message: unknown, connection: Connection): void {
    if (this.isScoped) driven.handleCommandComplete.call(this as never, message, connection);
    this.isScoped = true;
  }
}
