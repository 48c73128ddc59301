import { publish } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { tenantsListening } from '@trunkline/webhooks/server';
import type { StoredCall } from './call-queries.ts';
import { callToWire } from './calls.schema.ts';
import type { NewCdr } from './cdrs.sql.ts';

/**
 * Tells of calls in the transaction that stores them, to the tenants that listen: most do not, and an event a call would double what is
 * written. All events of the transaction travel in one statement at its commit.
 */
export const announceCalls = async (
  tx: Tx,
  calls: readonly NewCdr[],
  type: 'call.completed' | 'call.corrected' = 'call.completed',
): Promise<void> => {
  if (calls.length === 0) return;
  const listening = await tenantsListening(
    tx,
    type,
    calls.map((c) => c.record.tenantId),
  );
  for (const call of calls) {
    const { tenantId } = call.record;
    if (listening.has(tenantId)) publish(tx, { type, tenantId, data: callToWire(asStored(call)) });
  }
};

const date = (ms: number | null): Date | null => (ms === null ? null : new Date(ms));

/** A new row as it will be read. */
const asStored = ({ id, record, rating }: NewCdr): StoredCall => ({
  ...record,
  id,
  startedAt: new Date(record.startedAtMs),
  answeredAt: date(record.answeredAtMs),
  endedAt: new Date(record.endedAtMs),
  channelKind: record.channel?.kind ?? null,
  channelPoolId: record.channel?.poolId ?? null,
  ratingState: rating.state,
  currency: rating.currency,
  amountNanos: rating.amountNanos,
  billedSeconds: rating.billedSeconds,
  deckVersionId: rating.applied?.deckVersionId ?? null,
  prefix: rating.applied?.prefix ?? null,
  ratePerMinuteNanos: rating.applied?.ratePerMinuteNanos ?? null,
  connectFeeNanos: rating.applied?.connectFeeNanos ?? null,
  initialSeconds: rating.applied?.initialSeconds ?? null,
  incrementSeconds: rating.applied?.incrementSeconds ?? null,
  maskedAt: null,
  waivedAt: null,
});
