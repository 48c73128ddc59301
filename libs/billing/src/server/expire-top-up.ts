import { Injectable } from '@nestjs/common';
import { systemContext } from '@trunkline/kernel';
import { Database, sql } from '@trunkline/platform';
import { ApplyCardPayment } from './apply-card-payment.ts';
import { PaymentProvider } from './payment-provider.ts';

const find = sql<{ providerPaymentId: string }>(
  'top-up-to-expire',
  `SELECT provider_payment_id AS "providerPaymentId" FROM top_up WHERE tenant_id = $1 AND id = $2 AND state = 'requires_action' AND provider_payment_id IS NOT NULL`,
);

/** Gives up a top-up that its cardholder does not confirm: another may be begun then. If it was confirmed meanwhile, it counts. */
@Injectable()
export class ExpireTopUp {
  constructor(
    private readonly db: Database,
    private readonly provider: PaymentProvider,
    private readonly apply: ApplyCardPayment,
  ) {}

  /** @throws AppError billing.provider_unavailable */
  async execute(tenantId: string, id: string): Promise<void> {
    const ctx = systemContext('expire top-up');
    const [topUp] = await this.db.read(ctx, (tx) => tx.query(find, tenantId, id));
    const payment = topUp && (await this.provider.cancelPayment(topUp.providerPaymentId));
    if (payment) await this.apply.execute(ctx, payment);
  }
}
