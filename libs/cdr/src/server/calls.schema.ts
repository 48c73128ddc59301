import { moneyToWire, toPublicId } from '@trunkline/kernel';
import { e164In, idIn, idOut, moneyOut, pageQuery, timestampOut } from '@trunkline/platform';
import { z } from 'zod';
import { explainRating } from '../core/explain-rating.ts';
import type { CdrRating } from '../core/rate-cdr.ts';
import type { RateName, StoredCall } from './call-queries.ts';

const direction = z.enum(['outbound', 'inbound', 'emergency']);
const instant = () => z.iso.datetime({ offset: true }).transform((text) => new Date(text));

export const callFilter = z.strictObject({
  ...pageQuery,
  direction: direction.optional(),
  trunk_id: idIn('trunk').optional(),
  number: e164In().optional().describe('Calls that presented or dialled this number'),
  from: instant().optional().describe('Started at or after'),
  to: instant().optional().describe('Started before'),
});

const ratingOut = { state: z.enum(['rated', 'free', 'unrated']), amount: moneyOut.nullable() };
const fields = {
  id: idOut('cdr'),
  object: z.literal('call'),
  direction,
  outcome: z.enum(['answered', 'failed', 'rejected']),
  from: z.string().describe('The user part of From, exactly as sent'),
  to: z.string().describe('The user part of the Request-URI, exactly as sent'),
  caller_id: z.string().nullable().describe('The number presented, E.164'),
  destination: z.string().nullable().describe('The number dialled, E.164'),
  trunk_id: idOut('trunk').nullable(),
  started_at: timestampOut(),
  answered_at: timestampOut().nullable(),
  ended_at: timestampOut(),
  duration_secs: z.number().describe('From answer to end, to the millisecond'),
  billed_secs: z.int(),
  sip_code: z.int(),
  reason: z.string().nullable().describe('The error code, when the platform rejected the call'),
  hangup_by: z.enum(['caller', 'callee', 'edge']).nullable(),
  attempts: z.array(z.int()).describe('The SIP code of each attempt that failed before the last'),
  estimated: z.boolean().describe('The call ended unseen: ended_at is when it last showed life, and it is billed up to there'),
};
export const callOut = z.strictObject({ ...fields, rating: z.strictObject(ratingOut) }).meta({ id: 'Call' });

const rateOut = z.strictObject({
  deck_id: idOut('deck'),
  deck_version_id: idOut('deckVersion'),
  deck_version: z.int(),
  prefix: z.string(),
  destination: z.string(),
  rate_per_minute: moneyOut,
  connect_fee: moneyOut,
  initial_secs: z.int(),
  increment_secs: z.int(),
});
const explanation = z.strictObject({
  rate: rateOut.nullable(),
  steps: z.array(z.string()).describe('How the amount comes about, in words'),
});
export const callDetailOut = z
  .strictObject({ ...fields, rating: z.strictObject({ ...ratingOut, explanation }) })
  .meta({ id: 'CallDetail' });

const iso = (at: Date | null): string | null => at && at.toISOString();
const durationMs = ({ answeredAt, endedAt }: StoredCall): number => (answeredAt ? endedAt.getTime() - answeredAt.getTime() : 0);

export const callToWire = (c: StoredCall): z.infer<typeof callOut> => ({
  id: toPublicId('cdr', c.id),
  object: 'call',
  direction: c.direction,
  outcome: c.outcome,
  from: c.from,
  to: c.to,
  caller_id: c.callerId,
  destination: c.destination,
  trunk_id: c.trunkId && toPublicId('trunk', c.trunkId),
  started_at: c.startedAt.toISOString(),
  answered_at: iso(c.answeredAt),
  ended_at: c.endedAt.toISOString(),
  duration_secs: durationMs(c) / 1000,
  billed_secs: c.billedSeconds,
  sip_code: c.sipCode,
  reason: c.reason,
  hangup_by: c.hangupBy,
  attempts: [...c.attempts],
  estimated: c.estimated,
  rating: { state: c.ratingState, amount: c.amountNanos === null || c.currency === null ? null : moneyToWire(c.amountNanos, c.currency) },
});

/** The rating as it was stored. */
const ratingOf = (c: StoredCall): CdrRating => {
  const {
    currency,
    amountNanos,
    billedSeconds,
    deckVersionId,
    prefix,
    ratePerMinuteNanos,
    connectFeeNanos,
    initialSeconds,
    incrementSeconds,
  } = c;
  if (c.ratingState === 'unrated' || currency === null || amountNanos === null)
    return { state: 'unrated', currency: null, amountNanos: null, billedSeconds, applied: null };
  const isRated =
    deckVersionId !== null &&
    prefix !== null &&
    ratePerMinuteNanos !== null &&
    connectFeeNanos !== null &&
    initialSeconds !== null &&
    incrementSeconds !== null;
  if (!isRated) return { state: 'free', currency, amountNanos, billedSeconds, applied: null };
  return {
    state: 'rated',
    currency,
    amountNanos,
    billedSeconds,
    applied: { deckVersionId, prefix, ratePerMinuteNanos, connectFeeNanos, initialSeconds, incrementSeconds },
  };
};

export const callDetailToWire = (c: StoredCall, name: RateName | undefined): z.infer<typeof callDetailOut> => {
  const wire = callToWire(c);
  const rating = ratingOf(c);
  const talk = { ...c, answeredAtMs: c.answeredAt && c.answeredAt.getTime(), endedAtMs: c.endedAt.getTime() };
  const rate = rating.state === 'rated' && name ? rateToWire(rating, name) : null;
  return { ...wire, rating: { ...wire.rating, explanation: { rate, steps: [...explainRating(talk, rating, name?.destination ?? '')] } } };
};

const rateToWire = ({ currency, applied }: CdrRating & { state: 'rated' }, name: RateName): z.infer<typeof rateOut> => ({
  deck_id: toPublicId('deck', name.deckId),
  deck_version_id: toPublicId('deckVersion', applied.deckVersionId),
  deck_version: name.deckVersion,
  prefix: applied.prefix,
  destination: name.destination,
  rate_per_minute: moneyToWire(applied.ratePerMinuteNanos, currency),
  connect_fee: moneyToWire(applied.connectFeeNanos, currency),
  initial_secs: applied.initialSeconds,
  increment_secs: applied.incrementSeconds,
});
