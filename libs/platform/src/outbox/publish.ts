import { newId } from '@trunkline/kernel';
import { sql } from '../db/database.ts';
import type { Tx } from '../db/database.ts';

/** Something that happened. `type` is `<noun>.<past tense>`; `data` is what a subscriber needs and never changes. */
export type DomainEvent = { readonly type: string; readonly tenantId: string; readonly data: object };

/** The channel that wakes the relay. */
export const OUTBOX = 'outbox';

const insertEvent = sql(
  'outbox-insert',
  `WITH published AS (INSERT INTO outbox (tenant_id, id, type, payload, created_at) VALUES ($1, $2, $3, $4, clock_timestamp())) SELECT pg_notify('${OUTBOX}', '')`,
);

/** Announces an event in the transaction that caused it: it is told if and only if that commits. */
export const publish = async (tx: Tx, event: DomainEvent): Promise<void> => {
  await tx.query(insertEvent, event.tenantId, newId(), event.type, JSON.stringify(event.data));
};
