import { Injectable } from '@nestjs/common';
import { Clock, systemContext } from '@trunkline/kernel';
import { Database, audit, publish, sql } from '@trunkline/platform';
import { ApplyCardPayment } from './apply-card-payment.ts';
import { PaymentProvider } from './payment-provider.ts';

type Row = { state: string; amountMinor: bigint; providerInvoiceId: string | null; providerPaymentId: string | null };
const find = sql<Row>(
  'refund-to-send',
  `SELECT r.state, r.amount_minor AS "amountMinor", i.provider_invoice_id AS "providerInvoiceId", t.provider_payment_id AS "providerPaymentId"
   FROM refund r LEFT JOIN invoice i ON (i.tenant_id, i.id) = (r.tenant_id, r.invoice_id) LEFT JOIN top_up t ON (t.tenant_id, t.id) = (r.tenant_id, r.top_up_id)
   WHERE r.tenant_id = $1 AND r.id = $2`,
);
const fail = sql<{ id: string }>(
  'refund-fail',
  `UPDATE refund SET state = 'failed', settled_at = $3 WHERE tenant_id = $1 AND id = $2 AND state = 'pending' RETURNING id`,
);

/** Has the payment provider give money back, and takes over what came of it. May be repeated after any crash. */
@Injectable()
export class SendRefund {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly provider: PaymentProvider,
    private readonly apply: ApplyCardPayment,
  ) {}

  /** @throws AppError billing.provider_unavailable */
  async execute(tenantId: string, id: string): Promise<void> {
    const ctx = systemContext('send refund');
    const [refund] = await this.db.read(ctx, (tx) => tx.query(find, tenantId, id));
    if (refund?.state !== 'pending') return;
    const providerPaymentId = await this.paymentOf(refund);
    const sent = providerPaymentId && (await this.provider.refund({ id, providerPaymentId, amountMinor: refund.amountMinor }));
    if (!providerPaymentId || !sent) return this.giveUp(tenantId, id);
    const payment = await this.provider.fetchPayment(providerPaymentId);
    if (payment) await this.apply.execute(ctx, payment);
  }

  private async paymentOf({ providerInvoiceId, providerPaymentId }: Row): Promise<string | null> {
    return providerInvoiceId === null ? providerPaymentId : this.provider.paymentOf(providerInvoiceId);
  }

  /** Nothing to give back, or the provider will not: a credit stays on the balance. */
  private giveUp(tenantId: string, id: string): Promise<void> {
    const ctx = systemContext('send refund');
    return this.db.tx(ctx, async (tx) => {
      const [failed] = await tx.query(fail, tenantId, id, this.clock.now());
      if (!failed) return;
      audit(tx, ctx, 'refund.failed', id, { tenantId });
      publish(tx, { type: 'refund.failed', tenantId, data: { refundId: id } });
    });
  }
}
