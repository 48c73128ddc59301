import { monthOf } from '@trunkline/kernel';
import type { Period } from '@trunkline/kernel';
import { CHARGE_KINDS } from '@trunkline/ledger';
import type { ChargeKind } from '@trunkline/ledger';
import { sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { meteredDue, meteredFee } from '@trunkline/rating';
import type { MeteredFee, MeteredPrice, MeteredUse } from '@trunkline/rating';
import { monthName } from '../core/billing-month.ts';
import type { ChargeTotal, ResourceItem } from '../core/charges.ts';

// months are compared as the dates that the books keep, not as instants
const dateOf = (month: Period): string => `${monthName(month)}-01`;

// no call lasts a day; so much before the month lies the start of one that is up in it
const METERED = `c.tenant_id = $1 AND c.started_at >= $2::timestamptz - interval '1 day' AND c.started_at < $3 AND c.channel_kind = 'metered' AND c.channel_pool_id = p.id
  AND c.answered_at IS NOT NULL`;
const UNBILLED = `FROM posting p
   WHERE p.tenant_id = $1 AND p.month <= $2::date AND p.kind = ANY ($3)
     AND NOT EXISTS (SELECT FROM invoice_posting i WHERE (i.tenant_id, i.posting_id) = (p.tenant_id, p.id))
   GROUP BY p.kind`;
const TOTALS = `p.kind, sum(p.count)::int AS count, sum(p.seconds)::bigint AS seconds, sum(p.amount_nanos)::bigint AS "amountNanos"`;
type Row = { kind: ChargeKind; count: number; seconds: bigint; amountNanos: bigint };

const totals = sql<Row>('unbilled-totals', `SELECT ${TOTALS} ${UNBILLED}`);
const totalsWithIds = sql<Row & { ids: string[] }>('unbilled-totals-ids', `SELECT ${TOTALS}, array_agg(p.id) AS ids ${UNBILLED}`);
const items = sql<ResourceItem>(
  'recurring-items-of-month',
  `SELECT resource_id AS "resourceId", kind, quantity, unit_monthly_nanos AS "unitMonthlyNanos", "from", "to" FROM recurring_item
   WHERE tenant_id = $1 AND "from" < $3 AND ("to" IS NULL OR "to" > $2) ORDER BY "from", id`,
);
const unchargedSince = sql<{ since: Date | null }>(
  'recurring-uncharged-since',
  `SELECT coalesce(
     (SELECT (max(month) + interval '1 month')::timestamp AT TIME ZONE 'UTC' FROM posting WHERE tenant_id = $1 AND kind IN ('recurring_channel', 'recurring_number')),
     least((SELECT min("from") FROM recurring_item WHERE tenant_id = $1), (SELECT min(created_at) FROM channel_pool WHERE tenant_id = $1))) AS since`,
);

// Metered channels of a month: calls belong to the month in which they were answered, the peak to that in which they were up.
const metered = sql<MeteredRow>(
  'metered-of-month',
  `SELECT p.id AS "poolId", o.metered_by AS "meteredBy", o.metered_nanos AS "meteredNanos", u.calls, u.seconds, coalesce(k.peak, 0)::int AS peak,
     b.count AS "countBefore", b.seconds AS "secondsBefore", b.nanos AS "nanosBefore"
   FROM channel_pool p JOIN channel_offer o ON o.id = p.offer_id
   CROSS JOIN LATERAL (SELECT count(*)::int AS calls, coalesce(sum(ceil(extract(epoch FROM c.ended_at - c.answered_at))), 0)::bigint AS seconds
     FROM cdr c WHERE ${METERED} AND c.answered_at >= $2 AND c.answered_at < $3) u
   CROSS JOIN LATERAL (SELECT max(m.up) AS peak FROM (SELECT sum(e.step) OVER (ORDER BY e.at, e.step) AS up FROM (
       SELECT greatest(c.answered_at, $2) AS at, 1 AS step FROM cdr c WHERE ${METERED} AND c.answered_at < $3 AND c.ended_at > $2
       UNION ALL SELECT c.ended_at, -1 FROM cdr c WHERE ${METERED} AND c.answered_at < $3 AND c.ended_at > $2) e) m) k
   CROSS JOIN LATERAL (SELECT coalesce(sum(g.count), 0)::int AS count, coalesce(sum(g.seconds), 0)::bigint AS seconds, coalesce(sum(g.amount_nanos), 0)::bigint AS nanos
     FROM posting g WHERE g.tenant_id = $1 AND g.kind = 'usage_metered' AND g.month = $4::date AND g.reference LIKE p.id || ':%') b
   WHERE p.tenant_id = $1 ORDER BY p.id`,
);
type MeteredRow = MeteredUse & MeteredPrice & { poolId: string; countBefore: number; secondsBefore: bigint; nanosBefore: bigint };

/** What metered channels of each pool cost in the month and was not charged yet. */
export const meteredOfMonth = async (tx: Tx, tenantId: string, month: Period): Promise<(MeteredFee & { readonly poolId: string })[]> => {
  const rows = await tx.query(metered, tenantId, month.from, month.to, dateOf(month));
  return rows
    .map((r) => {
      const before = { count: r.countBefore, seconds: r.secondsBefore, amountNanos: r.nanosBefore };
      return { poolId: r.poolId, ...meteredDue(meteredFee(r, r), before) };
    })
    .filter((fee) => fee.amountNanos > 0n);
};

/** What the tenant was charged for months up to this one and has on no invoice yet, by kind. Late calls of earlier months are among it. */
export const unbilledTotals = (tx: Tx, tenantId: string, month: Period): Promise<ChargeTotal[]> =>
  tx.query(totals, tenantId, dateOf(month), CHARGE_KINDS);

/** The same with the ids of the postings, all of one snapshot. */
export const unbilledPostings = (tx: Tx, tenantId: string, month: Period): Promise<(ChargeTotal & { readonly ids: readonly string[] })[]> =>
  tx.query(totalsWithIds, tenantId, dateOf(month), CHARGE_KINDS);

/** What the tenant held by the month in some part of it, in the order of its beginnings. */
export const itemsOfMonth = (tx: Tx, tenantId: string, month: Period): Promise<ResourceItem[]> =>
  tx.query(items, tenantId, month.from, month.to);

/** The first month whose monthly fees are not charged yet; undefined when nothing was ever held. */
export const firstUnchargedMonth = async (tx: Tx, tenantId: string): Promise<Period | undefined> => {
  const [row] = await tx.query(unchargedSince, tenantId);
  return row?.since ? monthOf(row.since) : undefined;
};
