import { CHANNEL_KINDS } from '@trunkline/edge-core';
import { camelKeys, moneyToWire, toPublicId } from '@trunkline/kernel';
import { e164In, idIn, idOut, moneyOut, pageQuery, timestampOut } from '@trunkline/platform';
import { z } from 'zod';
import { WINDOW_DAYS } from '../core/call-window.ts';
import { explainRating } from '../core/explain-rating.ts';
import type { CdrRating } from '../core/rate-cdr.ts';
import type { CallSearch, RateName, StoredCall } from './call-queries.ts';

export const direction = z.enum(['outbound', 'inbound', 'emergency']);
export const outcome = z.enum(['answered', 'failed', 'rejected']);
export const ratingState = z.enum(['rated', 'free', 'unrated']);
export const instant = () => z.iso.datetime({ offset: true }).transform((text) => new Date(text));

const bounded = () => z.string().max(255);

// a query brings numbers as text, a body as numbers
const search = (number: () => z.ZodNumber) => ({
  direction: direction.optional(),
  outcome: outcome.optional(),
  trunk_id: idIn('trunk').optional(),
  number: e164In().optional().describe('Calls that presented or dialled this number'),
  caller_id: e164In().optional().describe('Calls that presented this number'),
  destination: e164In().optional().describe('Calls to this number'),
  from_user: bounded().optional().describe('The user part of From, exactly as sent'),
  to_user: bounded().optional().describe('The user part of the Request-URI, exactly as sent'),
  sip_code: number().int().min(100).max(699).optional(),
  sip_class: number().int().min(1).max(6).optional().describe('4 for every 4xx'),
  reason: bounded().optional().describe('The error code with which the platform rejected the call'),
  rating: ratingState.optional(),
  min_duration_secs: number().min(0).max(31_622_400).optional().describe('Answered calls of at least this length'),
  from: instant()
    .optional()
    .describe(`Started at or after; ${WINDOW_DAYS} days before \`to\`, or before now, from midnight UTC, when it is left out`),
  to: instant().optional().describe('Started before'),
});
const queried = search(() => z.coerce.number());
export const callFilter = z.strictObject({ ...pageQuery, ...queried });
const format = z.enum(['csv', 'ndjson']);
export const callExportQuery = z.strictObject({ format: format.default('csv'), ...queried });
export const newCallExport = z.strictObject({ format: format.default('csv'), ...search(() => z.number()) }).meta({ id: 'NewCallExport' });
type Search = z.infer<z.ZodObject<ReturnType<typeof search>>>;

/** A search as `CallQueries` takes it. */
export const searchOf = ({ rating, ...query }: Search): CallSearch => ({ ...camelKeys(query), ratingState: rating });

const ratingOut = { state: ratingState, amount: moneyOut.nullable() };
const fields = {
  id: idOut('cdr'),
  object: z.literal('call'),
  direction,
  outcome,
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
  channel_kind: z
    .enum(CHANNEL_KINDS)
    .nullable()
    .describe('What carried the call: a channel of its trunk, or one of a pool; null: nothing did'),
  channel_pool_id: idOut('channelPool').nullable(),
  masked: z.boolean().describe('Whether the other party’s number has lost its last four digits'),
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
export const explanation = z.strictObject({
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
  channel_kind: c.channelKind,
  channel_pool_id: c.channelPoolId && toPublicId('channelPool', c.channelPoolId),
  masked: c.maskedAt !== null,
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
  const talk = { ...c, waived: c.waivedAt !== null, answeredAtMs: c.answeredAt && c.answeredAt.getTime(), endedAtMs: c.endedAt.getTime() };
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
