import { Injectable } from '@nestjs/common';
import { AppError, Clock, fromMinor, newId, notFound, toMinor } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Database, audit, publish, sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { billingErrors } from '../core/errors.ts';
import { wholeMinor } from '../core/minor.ts';
import type { RefundState } from '../core/provider-news.ts';
import { lockTenant } from './invoices.sql.ts';
import { readStanding } from './standing.sql.ts';

export type RefundView = {
  readonly id: string;
  readonly invoiceId: string | null;
  readonly topUpId: string | null;
  readonly creditNoteId: string | null;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly reason: string;
  readonly state: RefundState;
  readonly createdAt: Date;
  readonly settledAt: Date | null;
};
export type Refundable = { readonly kind: 'invoice' | 'top_up'; readonly id: string };

const tenantOf = {
  invoice: sql<{ tenantId: string }>('refund-invoice-tenant', `SELECT tenant_id AS "tenantId" FROM invoice WHERE id = $1`),
  top_up: sql<{ tenantId: string }>('refund-top-up-tenant', `SELECT tenant_id AS "tenantId" FROM top_up WHERE id = $1`),
};
const paid = sql<{ paidNanos: bigint; refundedMinor: bigint }>(
  'refundable',
  `SELECT coalesce((SELECT amount_nanos FROM posting WHERE tenant_id = $1 AND kind = $2 AND reference = $3::text), 0)::bigint AS "paidNanos",
     (SELECT coalesce(sum(amount_minor), 0)::bigint FROM refund WHERE tenant_id = $1 AND $3::uuid IN (invoice_id, top_up_id) AND state <> 'failed') AS "refundedMinor"`,
);
const insert = sql(
  'refund-insert',
  `INSERT INTO refund (tenant_id, id, invoice_id, top_up_id, credit_note_id, amount_minor, currency, reason, state, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'pending', $9)`,
);

/** Decides that money goes back to a card; it is sent afterwards. Never more than was paid. */
@Injectable()
export class RequestRefund {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * @param amountNanos null for all that is left
   * @throws AppError request.invalid, resource.not_found, billing.not_paid, billing.refund_too_high
   */
  execute(ctx: SystemContext, of: Refundable, amountNanos: bigint | null, reason: string): Promise<RefundView> {
    return this.db.tx(ctx, async (tx) => {
      const [owner] = await tx.query(tenantOf[of.kind], of.id);
      const tenant = owner && (await lockTenant(tx, owner.tenantId));
      if (!tenant) throw notFound();
      const left = await this.left(tx, tenant, of);
      const wanted = amountNanos === null ? left : wholeMinor(amountNanos, tenant.currency, '/amount');
      if (wanted > left || wanted === 0n)
        throw new AppError(billingErrors.refundTooHigh, `${left} minor units of ${tenant.currency} can be refunded`);
      return this.insert(ctx, tx, tenant, of, wanted, reason, null);
    });
  }

  /** Pays a credit note out, as far as a card has paid its invoice; the rest stays on the balance. Inside the transaction of the credit note. */
  async ofCredit(
    ctx: SystemContext,
    credit: { readonly tenantId: string; readonly invoiceId: string; readonly creditNoteId: string; readonly amountMinor: bigint },
  ): Promise<void> {
    await this.db.tx(ctx, async (tx) => {
      const tenant = await lockTenant(tx, credit.tenantId);
      if (!tenant) throw notFound();
      const of = { kind: 'invoice', id: credit.invoiceId } as const;
      const left = await this.unrefunded(tx, tenant, of);
      const amount = credit.amountMinor < left ? credit.amountMinor : left;
      if (amount > 0n) await this.insert(ctx, tx, tenant, of, amount, 'Credit note', credit.creditNoteId);
    });
  }

  private async unrefunded(tx: Tx, { id, currency }: Tenant, of: Refundable): Promise<bigint> {
    const [row] = await tx.query(paid, id, of.kind === 'invoice' ? 'payment_received' : 'top_up_received', of.id);
    return row ? toMinor(row.paidNanos, currency) - row.refundedMinor : 0n;
  }

  /** Of a top-up no more than is left of the balance. */
  private async left(tx: Tx, tenant: Tenant, of: Refundable): Promise<bigint> {
    const left = await this.unrefunded(tx, tenant, of);
    if (left <= 0n) throw new AppError(billingErrors.notPaid);
    if (of.kind === 'invoice') return left;
    const available = (await readStanding(tx, tenant.id))?.availableNanos ?? 0n;
    const spendable = available > 0n ? available / fromMinor(1n, tenant.currency) : 0n;
    return spendable < left ? spendable : left;
  }

  private async insert(
    ctx: SystemContext,
    tx: Tx,
    { id: tenantId, currency }: Tenant,
    of: Refundable,
    amountMinor: bigint,
    reason: string,
    creditNoteId: string | null,
  ): Promise<RefundView> {
    const [id, createdAt] = [newId(), this.clock.now()];
    const [invoiceId, topUpId] = of.kind === 'invoice' ? [of.id, null] : [null, of.id];
    await tx.query(insert, tenantId, id, invoiceId, topUpId, creditNoteId, amountMinor, currency, reason, createdAt);
    audit(tx, ctx, 'refund.requested', id, { tenantId, amountMinor: String(amountMinor), reason });
    publish(tx, { type: 'refund.requested', tenantId, data: { refundId: id } });
    return { id, invoiceId, topUpId, creditNoteId, amountMinor, currency, reason, state: 'pending', createdAt, settledAt: null };
  }
}

type Tenant = { readonly id: string; readonly currency: string };
