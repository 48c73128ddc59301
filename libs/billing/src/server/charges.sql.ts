import { monthOf } from '@trunkline/kernel';
import type { Period } from '@trunkline/kernel';
import { CHARGE_KINDS } from '@trunkline/ledger';
import type { ChargeKind } from '@trunkline/ledger';
import { sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { monthName } from '../core/billing-month.ts';
import type { ChargeTotal, ResourceItem } from '../core/charges.ts';

// months are compared as the dates that the books keep, not as instants
const dateOf = (month: Period): string => `${monthName(month)}-01`;

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
     (SELECT min("from") FROM recurring_item WHERE tenant_id = $1)) AS since`,
);

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
