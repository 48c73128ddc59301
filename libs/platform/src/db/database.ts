import type { Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { OnApplicationShutdown } from '@nestjs/common';
import { PrismaPg } from '@prisma/adapter-pg';
import type { Context } from '@trunkline/kernel';
import pg from 'pg';
import type { PoolClient, QueryConfig, QueryResult, QueryResultRow } from 'pg';
import { audit } from '../audit/audit.ts';
import { CommitRecords } from './commit-records.ts';
import { PrismaClient } from './generated/client.ts';
import { ScopedPool } from './scoped-pool.ts';
import { ScopedRead } from './scoped-read.ts';
import { currentScope, scopes } from './scope.ts';
import { TIMESTAMPTZ, parseTimestamp } from './timestamps.ts';

/** `appUrl` logs in as trunkline_app (row-level security applies), `systemUrl` as trunkline_system (sees every tenant). */
export type DatabaseConfig = { readonly appUrl: string; readonly systemUrl: string; readonly poolMax: number };
export const DATABASE_CONFIG = Symbol('DatabaseConfig');

/** A statement with a name: Postgres prepares it once per connection. Alias columns to camelCase in the text. */
export type Sql<Row extends QueryResultRow = QueryResultRow> = { readonly name: string; readonly text: string; readonly row?: Row };
export const sql = <Row extends QueryResultRow>(name: string, text: string): Sql<Row> => ({ name, text });

/**
 * One open transaction: typed SQL for writes and hot reads, Prisma for ordinary ones. Statements that do not need each other's answers may be
 * sent together with Promise.all: they run in that order on the one connection.
 */
export type Tx = {
  query<Row extends QueryResultRow>(statement: Sql<Row>, ...values: unknown[]): Promise<Row[]>;
  readonly prisma: PrismaClient;
  /** Written when the transaction commits: see audit, publish and markDirty. */
  readonly records: CommitRecords;
};

/** No request of a tenant needs longer; what the platform does for all of them may. */
const STATEMENT_MAX_MS = 30_000;
/** A transaction whose process is cut off keeps its locks until then; one that waits for the payment provider needs less. */
const IDLE_MAX_MS = 300_000;

const STATE = {
  name: 'database-state',
  text: `SELECT clock_timestamp() AS now, current_setting('transaction_read_only') = 'on' AS "readOnly"`,
};

const DISK_FULL = '53100';
/** For so long a change that found no room says something of the next. */
const NO_ROOM_MS = 5_000;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const INT8 = 20;
// int8 as bigint: nanos and versions must not pass through a float
const PARSERS: Readonly<Record<number, (text: string) => unknown>> = { [INT8]: BigInt, [TIMESTAMPTZ]: parseTimestamp };
const types = { getTypeParser: (oid: number, format?: 'text' | 'binary') => PARSERS[oid] ?? pg.types.getTypeParser(oid, format as 'text') };

/** The only two doors to Postgres: `tx` to change, `read` to look. The context decides the role and, under row-level security, the rows. */
@Injectable()
export class Database implements OnApplicationShutdown {
  private readonly app: pg.Pool;
  private readonly system: pg.Pool;
  private noRoomAt = -Infinity;
  private readonly prisma = new PrismaClient({ adapter: new PrismaPg(new ScopedPool()) });
  private readonly handle: Tx = {
    query: async <Row extends QueryResultRow>(statement: Sql<Row>, ...values: unknown[]) =>
      (await currentScope().client.query<Row>({ name: statement.name, text: statement.text, values })).rows,
    prisma: this.prisma,
    get records() {
      return currentScope().records;
    },
  };

  constructor(@Inject(DATABASE_CONFIG) config: DatabaseConfig) {
    const pool = (connectionString: string, statementTimeout: number | undefined) => {
      const limits = { statement_timeout: statementTimeout, idle_in_transaction_session_timeout: IDLE_MAX_MS };
      // pipelined: what is known to follow is sent without waiting for the answer to what goes before
      const p = new pg.Pool({
        connectionString,
        max: config.poolMax,
        pipeline: true,
        types: types as never,
        connectionTimeoutMillis: 5_000,
        ...limits,
      });
      // a connection that breaks is replaced, and the next query tells if the server is gone: unheard, the error would end the process
      p.on('error', () => {});
      p.on('connect', (client) => client.on('error', () => {}));
      return p;
    };
    this.app = pool(config.appUrl, STATEMENT_MAX_MS);
    this.system = pool(config.systemUrl, undefined);
  }

  /** Runs `fn` in one transaction; all of it happens or none. Joins the transaction already open for the same context. */
  tx<T>(ctx: Context, fn: (tx: Tx) => Promise<T>): Promise<T> {
    return this.run(ctx, false, fn);
  }

  /** Like `tx`, but Postgres refuses writes. What is read of a subtree is written into its root's audit chain: that door alone stays open for it. */
  read<T>(ctx: Context, fn: (tx: Tx) => Promise<T>): Promise<T> {
    return this.run(ctx, true, fn);
  }

  /** One statement that reads and needs no other beside it: one round trip instead of three. A tenant's joins an open transaction as `read` does. */
  async ask<Row extends QueryResultRow>(ctx: Context, statement: Sql<Row>, ...values: unknown[]): Promise<Row[]> {
    const query = { name: statement.name, text: statement.text, values };
    if (ctx.kind === 'system') return (await this.system.query<Row>(query)).rows;
    if (ctx.kind === 'subtree') return this.read(ctx, (tx) => tx.query(statement, ...values)); // what it reads is audited
    const outer = scopes.getStore();
    if (outer && sameReach(outer.ctx, ctx)) return this.handle.query(statement, ...values);
    return readAs<Row>(this.app, ctx.tenantId, query);
  }

  /**
   * Whether the database can be worked with, by either role: what time it has, whether it refuses changes, and whether one of ours just found no
   * room on its disk. @throws when it gives no answer or no connection
   */
  async state(): Promise<{ readonly now: Date; readonly readOnly: boolean; readonly noRoom: boolean }> {
    const [{ rows }] = await Promise.all([this.system.query<{ now: Date; readOnly: boolean }>(STATE), this.app.query(STATE)]);
    const [state] = rows;
    if (!state) throw new Error('the database said nothing');
    return { ...state, noRoom: performance.now() - this.noRoomAt < NO_ROOM_MS };
  }

  /** Like `tx`, but a transaction of its own also inside another: it commits whatever becomes of that one. For work of many independent parts. */
  alone<T>(ctx: Context, fn: (tx: Tx) => Promise<T>): Promise<T> {
    return scopes.exit(() => this.run(ctx, false, fn));
  }

  /** A part of the open transaction that may fail by itself: all it wrote and would have recorded is undone, and the transaction goes on. */
  async part<T>(fn: () => Promise<T>): Promise<T> {
    const scope = currentScope();
    const name = `part_${++scope.savepoints}`;
    const forget = scope.records.mark();
    await scope.client.query(`SAVEPOINT ${name}`);
    try {
      const result = await fn();
      await scope.client.query(`RELEASE ${name}`);
      return result;
    } catch (error) {
      forget();
      await scope.client.query(`ROLLBACK TO ${name}`);
      throw error;
    }
  }

  private async run<T>(ctx: Context, readOnly: boolean, fn: (tx: Tx) => Promise<T>): Promise<T> {
    const outer = scopes.getStore();
    if (outer && sameReach(outer.ctx, ctx) && (readOnly || !outer.readOnly)) return fn(this.handle);
    const records = new CommitRecords();
    const result = await this.withClient(ctx, async (client) => {
      const begun = together(client, () => client.query(opening(ctx, readOnly && ctx.kind !== 'subtree')));
      // a tenant's first statement need not wait for it: should the opening fail, no tenant is set and every table refuses
      if (ctx.kind === 'tenant')
        begun.catch(() => {}); // awaited before the commit
      else await begun;
      const answer = await scopes.run({ ctx, client, readOnly, records, savepoints: 0 }, async () => {
        if (ctx.kind === 'subtree' && readOnly) audit(this.handle, ctx, 'subtree.read', ctx.tenantId, { reason: ctx.reason });
        return await fn(this.handle);
      });
      await begun;
      await commit(client, records);
      return answer;
    });
    if (records.waitMs > 0) await setTimeout(records.waitMs);
    return result;
  }

  /** Lends a connection of the context's role; it comes back rolled back when `use` fails. */
  private async withClient<T>(ctx: Context, use: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await (ctx.kind === 'system' ? this.system : this.app).connect();
    let broken: Error | undefined;
    try {
      return await use(client);
    } catch (error) {
      if ((error as { code?: string }).code === DISK_FULL) this.noRoomAt = performance.now();
      broken = await rollback(client);
      throw error;
    } finally {
      client.release(broken);
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.prisma.$disconnect();
    await Promise.all([this.app.end(), this.system.end()]);
  }
}

// a read has no transaction to end: no promises but its own
const readAs = <Row extends QueryResultRow>(pool: pg.Pool, tenantId: string, query: QueryConfig): Promise<Row[]> =>
  new Promise((resolve, reject) => {
    pool.connect((refused, client, release) => {
      if (!client) return reject(refused ?? new Error('the pool lent no connection'));
      const callback = (error: Error | null, result: QueryResult<Row>) => {
        if (error) return void rollback(client).then((broken) => (release(broken), reject(error)));
        release();
        resolve(result.rows);
      };
      client.query(Object.assign(new ScopedRead(tenantId, query), { callback }));
    });
  });

const sameReach = (a: Context, b: Context): boolean =>
  a.kind === b.kind && (a.kind === 'system' || b.kind === 'system' || a.tenantId === b.tenantId);

// one message: the tenant is set in the same round trip that begins
const opening = (ctx: Context, readOnly: boolean): string => {
  const begin = readOnly ? 'BEGIN READ ONLY' : 'BEGIN';
  if (ctx.kind === 'system') return begin;
  if (!UUID.test(ctx.tenantId)) throw new Error('malformed tenant id');
  const tenant = `${begin};SET LOCAL app.tenant_id='${ctx.tenantId}'`;
  return ctx.kind === 'subtree' ? `${tenant};SET LOCAL ROLE trunkline_subtree` : tenant;
};

// holds back what is sent until the end of this turn of the event loop, so that it leaves in one packet: a system call saved is worth a parse
const together = <T>(client: PoolClient, send: () => T): T => {
  const { stream } = (client as unknown as { connection: { stream: Socket } }).connection;
  stream.cork();
  process.nextTick(() => stream.uncork());
  return send();
};

/** The records and the commit travel together: when the records fail, there is nothing left to commit. */
const commit = async (client: PoolClient, records: CommitRecords): Promise<void> => {
  const [written, committed] = together(client, () => [records.write(client), client.query('COMMIT')] as const);
  committed.catch(() => {}); // awaited below
  await written;
  // a transaction in which a statement failed answers COMMIT with a roll-back and no error
  if ((await committed).command !== 'COMMIT') throw new Error('the transaction was rolled back: a statement in it had failed');
};

// a connection whose rollback fails is in an unknown state: give it back broken, so the pool drops it
const rollback = (client: PoolClient): Promise<Error | undefined> =>
  client.query('ROLLBACK').then(
    () => undefined,
    (error: Error) => error,
  );
