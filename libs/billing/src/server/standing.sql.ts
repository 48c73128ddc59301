import { fromMinor } from '@trunkline/kernel';
import { CHARGE_KINDS } from '@trunkline/ledger';
import { sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import type { Standing } from '../core/billing-hold.ts';
import { availableNanos } from '../core/prepaid.ts';
import type { AutoTopUp, BillingMode } from '../core/prepaid.ts';

/** How a tenant pays and what it has left. `creditNanos`: what it has paid or been credited beyond everything it was charged; negative is debt. */
export type BillingStanding = Standing & { readonly currency: string; readonly auto: AutoTopUp | null; readonly creditNanos: bigint };

/** Credit notes of an invoice that stand; `i` is the invoice. */
export const CREDITED = `(SELECT coalesce(sum(c.total_minor), 0)::bigint FROM credit_note c WHERE (c.tenant_id, c.invoice_id) = (i.tenant_id, i.id) AND c.state = 'issued')`;

type Row = {
  currency: string;
  mode: BillingMode;
  belowNanos: bigint | null;
  amountMinor: bigint | null;
  dailyMaxMinor: bigint | null;
  owedNanos: bigint;
  unbilledNanos: bigint;
};
const account = sql<Row>(
  'billing-standing',
  `SELECT t.currency, coalesce(s.billing_mode, 'postpaid') AS mode, s.top_up_below_nanos AS "belowNanos", s.top_up_amount_minor AS "amountMinor",
     s.top_up_daily_max_minor AS "dailyMaxMinor", coalesce(b.amount_nanos, 0)::bigint AS "owedNanos",
     (SELECT coalesce(sum(p.amount_nanos), 0)::bigint FROM posting p WHERE p.tenant_id = t.id AND p.kind = ANY ($2)
        AND NOT EXISTS (SELECT FROM invoice_posting i WHERE (i.tenant_id, i.posting_id) = (p.tenant_id, p.id))) AS "unbilledNanos"
   FROM tenant t LEFT JOIN billing_settings s ON s.tenant_id = t.id LEFT JOIN balance b ON b.tenant_id = t.id AND b.currency = t.currency WHERE t.id = $1`,
);
type Unsettled = Standing['invoices'][number] & { readonly dueMinor: bigint };
const unsettled = sql<Unsettled>(
  'invoices-unsettled',
  `SELECT i.state, i.due_at AS "dueAt", i.failed_at AS "failedAt", greatest(i.total_minor - i.from_balance_minor - ${CREDITED}, 0)::bigint AS "dueMinor"
   FROM invoice i WHERE i.tenant_id = $1 AND i.state IN ('open', 'payment_failed', 'uncollectible')`,
);

const autoOf = ({ belowNanos, amountMinor, dailyMaxMinor }: Row): AutoTopUp | null =>
  belowNanos === null || amountMinor === null || dailyMaxMinor === null ? null : { belowNanos, amountMinor, dailyMaxMinor };

/** @returns undefined when there is no such tenant */
export const readStanding = async (tx: Tx, tenantId: string): Promise<BillingStanding | undefined> => {
  const [[row], invoices] = await Promise.all([tx.query(account, tenantId, CHARGE_KINDS), tx.query(unsettled, tenantId)]);
  if (!row) return undefined;
  const { currency, mode, owedNanos, unbilledNanos } = row;
  const invoicedNanos = fromMinor(
    invoices.reduce((n, i) => n + i.dueMinor, 0n),
    currency,
  );
  return {
    mode,
    currency,
    auto: autoOf(row),
    invoices,
    availableNanos: availableNanos(owedNanos, invoicedNanos),
    creditNanos: invoicedNanos + unbilledNanos - owedNanos,
  };
};
