import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { BeforeApplicationShutdown } from '@nestjs/common';
import { systemContext } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { OUTBOX } from '../db/commit-records.ts';
import { DATABASE_CONFIG, Database, sql } from '../db/database.ts';
import type { DatabaseConfig } from '../db/database.ts';
import { Listener } from '../db/listener.ts';
import { Log } from '../telemetry/log.ts';
import { EventStream } from './event-stream.ts';
import type { LiveEvent } from './event-stream.ts';

const READ_MAX = 5_000; //     events of one read
const PAUSE_MS = 100; //       between two reads, however often events are announced
const LATE_MS = 5_000; //      an event may be seen so long after it was written: its transaction was waiting to commit
const OPEN_MAX_MS = 60_000; // and its id be so much older: it is made when the event is published, early in a transaction

type Row = { readonly now: Date } & (LiveEvent | { readonly [K in keyof LiveEvent]: null });

const INTEREST_SECS = 60; // an interest that is not renewed ends by itself
const RENEW_EVERY_MS = 20_000;

const context = systemContext('graphql.live_events');
// one statement, so that what is read is of the time it tells; the primary key finds a tenant's latest
const since = sql<Row>(
  'outbox-since',
  `SELECT n.now, o.* FROM (SELECT clock_timestamp() AS now) n LEFT JOIN LATERAL (
     SELECT tenant_id AS "tenantId", id, type, payload AS data, created_at AS at FROM outbox
     WHERE tenant_id = ANY($1::uuid[]) AND id > $2 AND type = ANY($3::text[]) AND created_at > $4 ORDER BY created_at, id LIMIT ${READ_MAX}
   ) o ON true`,
);

const renew = sql(
  'live-interest-renew',
  `WITH ended AS (DELETE FROM live_interest WHERE until < clock_timestamp() - interval '1 hour')
   INSERT INTO live_interest (tenant_id, type, until) SELECT DISTINCT tenant, type, clock_timestamp() + interval '${INTEREST_SECS} seconds'
   FROM unnest($1::uuid[], $2::text[]) AS i (tenant, type) ON CONFLICT (tenant_id, type) DO UPDATE SET until = excluded.until`,
);

/** The smallest uuid v7 of an instant. */
const floorId = (at: number): string => {
  const hex = Math.max(at, 0).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
};

/**
 * What happens, told to whoever listens in this process. One connection waits for NOTIFY, whatever the number of readers, and only while there are
 * any; events are then read where they are kept until they are handed to the queue, and for days after. Nothing is promised: an event whose
 * transaction took very long is missed.
 */
@Injectable()
export class LiveEvents implements BeforeApplicationShutdown {
  private readonly streams = new Set<EventStream>();
  private readonly seen = new Map<string, number>();
  private readonly listener: Listener;
  private started: Promise<void> | undefined;
  private beginning: Promise<void> | undefined;
  private readers = 0;
  private horizon = new Date(0); // of the database's clock, up to which events are told
  private reading: Promise<void> | undefined;
  private again = false;
  private stopped = false;
  private renewing: NodeJS.Timeout | undefined;

  constructor(
    @Inject(DATABASE_CONFIG) config: DatabaseConfig,
    private readonly db: Database,
    private readonly log: Log,
  ) {
    this.listener = new Listener(config.systemUrl, [OUTBOX], () => this.wake());
  }

  /** How many subscriptions there are. */
  get followed(): number {
    return this.streams.size;
  }

  /** Begins to follow events, for one reader more. What is committed from then on is told. */
  async open(): Promise<void> {
    this.started ??= this.listener.start();
    await this.started;
    if (this.readers === 0) await (this.beginning ??= this.begin().finally(() => (this.beginning = undefined)));
    this.readers += 1;
  }

  close(): void {
    this.readers -= 1;
  }

  /** The tenant's events of these types from now on. @param accepts which of them */
  listen(ctx: TenantContext, types: readonly string[], accepts: (event: LiveEvent) => boolean, isAsked = false): EventStream {
    const stream = new EventStream(ctx.tenantId, new Set(types), isAsked, this.horizon, accepts, (ended) => this.streams.delete(ended));
    this.streams.add(stream);
    return stream;
  }

  /** Has the events published that are published only for those who listen, see tenantsListening. */
  async ask(): Promise<void> {
    const asked = [...this.streams].filter(({ isAsked }) => isAsked);
    const wanted = asked.flatMap(({ tenantId, types }) => [...types].map((type) => [tenantId, type] as const));
    this.renewing ??= setInterval(
      () => void this.ask().catch((error: unknown) => this.log.warn({ err: error }, 'an interest was not renewed')),
      RENEW_EVERY_MS,
    ).unref();
    if (wanted.length === 0) return;
    await this.db.ask(context, renew, wanted.map(([tenantId]) => tenantId), wanted.map(([, type]) => type)); // prettier-ignore
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearInterval(this.renewing);
    if (this.started) await this.listener.stop();
    await this.reading;
  }

  private async begin(): Promise<void> {
    await this.reading;
    const [{ now } = { now: new Date(0) }] = await this.db.ask(context, since, [], floorId(0), [], new Date(0));
    this.horizon = now;
  }

  private wake(): void {
    this.again = true;
    if (this.readers > 0) this.reading ??= this.follow().finally(() => (this.reading = undefined));
  }

  private async follow(): Promise<void> {
    while (this.again && !this.stopped) {
      this.again = false;
      await this.read().catch((error: unknown) => this.log.warn({ err: error }, 'events could not be read'));
      await sleep(PAUSE_MS, undefined, { ref: false });
    }
  }

  private async read(): Promise<void> {
    const tenants = [...new Set([...this.streams].map(({ tenantId }) => tenantId))];
    const types = [...new Set([...this.streams].flatMap((stream) => [...stream.types]))];
    const from = this.horizon.getTime();
    const rows = await this.db.ask(context, since, tenants, floorId(from - OPEN_MAX_MS), types, new Date(from - LATE_MS));
    for (const row of rows) {
      this.horizon = row.now;
      if (row.id === null || this.seen.has(row.id)) continue;
      this.seen.set(row.id, row.at.getTime());
      for (const stream of this.streams) stream.push(row);
    }
    if (rows.length === READ_MAX) for (const stream of this.streams) stream.overflow(); // more than can be told
    for (const [id, at] of this.seen) if (at < from - 2 * LATE_MS) this.seen.delete(id);
  }
}
