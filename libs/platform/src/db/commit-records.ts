import type { PoolClient } from 'pg';

/** The channel that wakes the compiler of the edges' configuration. */
export const EDGE_DIRTY = 'edge_dirty';
/** The channel that wakes the outbox relay. */
export const OUTBOX = 'outbox';

/** What a change costs, for the quote that is made of it; nothing else reads it. */
export type Charge = {
  readonly kind: 'setup' | 'monthly';
  readonly unit: 'channel' | 'number';
  readonly quantity: number;
  readonly unitNanos: string; // a bigint in decimal: it goes into JSON
  readonly currency: string;
};

/** A row of columns, in the order of the table below. */
type Row = readonly string[];

/**
 * What a change leaves beside its state: audit entries, events, marks for the edges. Collected while the transaction runs and written in one
 * statement just before it commits, so that they cost one round trip, not one each. Nothing reads them inside the transaction.
 */
export class CommitRecords {
  readonly audits: Row[] = []; // tenant, id, actor type, actor id, request id, source address, action, resource id, data
  readonly events: Row[] = []; // tenant, id, type, payload
  readonly marks: Row[] = []; //  resource type, resource id
  readonly charges: Charge[] = []; // of which nothing is written
  /** How long after the commit the change is answered. */
  waitMs = 0;

  /** Has the change answered only so long after its commit: by then nobody acts on what was true before. */
  answerAfter(ms: number): void {
    this.waitMs = Math.max(this.waitMs, ms);
  }

  /** Forgets what is collected after this call when the function that it returns is called. */
  mark(): () => void {
    const lists: readonly unknown[][] = [this.audits, this.events, this.marks, this.charges];
    const lengths = lists.map((rows) => rows.length);
    return () => lists.forEach((rows, i) => rows.splice(lengths[i] ?? 0));
  }

  async write(client: PoolClient): Promise<void> {
    if (this.audits.length + this.events.length + this.marks.length === 0) return;
    this.audits.sort(([a = ''], [b = '']) => a.localeCompare(b)); // of several chains always the same is locked first
    const values = [...columns(this.audits, 9), ...columns(this.events, 4), ...columns(this.marks, 2)];
    await client.query({ name: 'commit-records', text: WRITE, values });
  }
}

const columns = (rows: readonly Row[], width: number): string[][] =>
  Array.from({ length: width }, (_, i) => rows.map((row) => row[i] ?? ''));

const WRITE = `WITH audits AS (
    INSERT INTO audit_entry (tenant_id, id, at, actor_type, actor_id, request_id, source_address, action, resource_id, data)
    SELECT tenant, id, clock_timestamp(), actor_type, actor, request, source, action, resource, data::jsonb
    FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::uuid[], $9::text[]) AS a (tenant, id, actor_type, actor, request, source, action, resource, data)
  ), events AS (
    INSERT INTO outbox (tenant_id, id, type, payload, created_at)
    SELECT tenant, id, type, payload::jsonb, clock_timestamp() FROM unnest($10::uuid[], $11::uuid[], $12::text[], $13::text[]) AS e (tenant, id, type, payload)
  ), marks AS (
    INSERT INTO edge_dirty (resource_type, resource_id, created_at)
    SELECT type, id, clock_timestamp() FROM unnest($14::text[], $15::text[]) AS m (type, id)
  )
  SELECT CASE WHEN cardinality($10::uuid[]) > 0 THEN pg_notify('${OUTBOX}', '') END, CASE WHEN cardinality($14::text[]) > 0 THEN pg_notify('${EDGE_DIRTY}', '') END`;
