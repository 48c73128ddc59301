import type { Period } from '@trunkline/kernel';
import { sql } from '@trunkline/platform';
import type { Sql } from '@trunkline/platform';
import type { StoredCall } from './call-queries.ts';

/** What calls may be looked for by, beside their start. Numbers are whole: a masked call is found by everything but its number. */
export type CallFilter = {
  readonly direction?: StoredCall['direction'] | undefined;
  readonly outcome?: StoredCall['outcome'] | undefined;
  readonly trunkId?: string | undefined;
  readonly number?: string | undefined; //      E.164: presented or dialled
  readonly callerId?: string | undefined;
  readonly destination?: string | undefined;
  readonly fromUser?: string | undefined; //    exactly as sent
  readonly toUser?: string | undefined;
  readonly sipCode?: number | undefined;
  readonly sipClass?: number | undefined; //    4 for 4xx
  readonly reason?: string | undefined;
  readonly ratingState?: StoredCall['ratingState'] | undefined;
  readonly minDurationSecs?: number | undefined;
};
export type CallPosition = { readonly startedAt: Date; readonly id: string };

export const CALL_COLUMNS = `id, trunk_id AS "trunkId", direction, outcome, "from", "to", caller_id AS "callerId", destination, started_at AS "startedAt", answered_at AS "answeredAt",
  ended_at AS "endedAt", sip_code AS "sipCode", reason, hangup_by AS "hangupBy", attempts, estimated, channel_kind AS "channelKind", channel_pool_id AS "channelPoolId", rating_state AS "ratingState", currency, amount_nanos AS "amountNanos",
  billed_seconds AS "billedSeconds", deck_version_id AS "deckVersionId", prefix, rate_per_minute_nanos AS "ratePerMinuteNanos", connect_fee_nanos AS "connectFeeNanos",
  initial_seconds AS "initialSeconds", increment_seconds AS "incrementSeconds", masked_at AS "maskedAt", waived_at AS "waivedAt"`;

/** One condition per filter. `masked_at IS NULL` is what makes the indexes of numbers usable. */
const CONDITIONS: Record<Exclude<keyof CallFilter, 'number'>, (value: string) => string> = {
  direction: (v) => `direction = ${v}::text`,
  outcome: (v) => `outcome = ${v}::text`,
  trunkId: (v) => `trunk_id = ${v}::uuid`,
  callerId: (v) => `masked_at IS NULL AND caller_id = ${v}::text`,
  destination: (v) => `masked_at IS NULL AND destination = ${v}::text`,
  fromUser: (v) => `"from" = ${v}::text`,
  toUser: (v) => `"to" = ${v}::text`,
  sipCode: (v) => `sip_code = ${v}::int`,
  sipClass: (v) => `sip_code / 100 = ${v}::int`,
  reason: (v) => `reason = ${v}::text`,
  ratingState: (v) => `rating_state = ${v}::text`,
  minDurationSecs: (v) => `ended_at - answered_at >= make_interval(secs => ${v})`,
};
const ORDER = 'ORDER BY started_at DESC, id DESC LIMIT $6';

const select = (conditions: readonly string[]): string =>
  `SELECT ${CALL_COLUMNS} FROM cdr WHERE ${['tenant_id = $1', 'started_at >= $2', 'started_at <= $3', '(started_at, id) < ($4::timestamptz, $5::uuid)', ...conditions].join(' AND ')}`;

/**
 * The statement of a filter, put together from the fixed texts above. A number is looked for as caller and as callee by an index each: with an
 * OR between them the planner reads all calls of the time.
 */
const statement = (filter: CallFilter): { readonly text: string; readonly values: readonly unknown[] } => {
  const { number, ...rest } = filter;
  const used = (Object.keys(CONDITIONS) as (keyof typeof CONDITIONS)[]).filter((key) => rest[key] !== undefined);
  const values = used.map((key) => rest[key]);
  const conditions = used.map((key, i) => CONDITIONS[key](`$${i + 7}`));
  if (number === undefined) return { text: `${select(conditions)} ${ORDER}`, values };
  const v = `$${used.length + 7}`;
  const presented = select([...conditions, CONDITIONS.callerId(v)]);
  const dialled = select([...conditions, CONDITIONS.destination(v), `caller_id IS DISTINCT FROM ${v}::text`]);
  const text = `SELECT * FROM ((${presented} ${ORDER}) UNION ALL (${dialled} ${ORDER})) u ORDER BY "startedAt" DESC, id DESC LIMIT $6`;
  return { text, values: [...values, number] };
};

const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/**
 * The statement of calls that start in the window, the newest first, behind `after`, with its values. Without a filter it is prepared, since
 * planning over all months costs five times what reading a page does. The thousands of filters are not.
 */
export const callSearch = (
  tenantId: string,
  filter: CallFilter,
  window: Period,
  after: CallPosition | undefined,
  limit: number,
): readonly [Sql<StoredCall>, ...unknown[]] => {
  const { text, values } = statement(filter);
  const from = after && after.startedAt < window.to ? after : { startedAt: window.to, id: FIRST_ID };
  const name = values.length === 0 ? 'call-list' : '';
  return [sql<StoredCall>(name, text), tenantId, window.from, from.startedAt, from.startedAt, from.id, limit, ...values];
};
