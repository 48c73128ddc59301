import { Injectable } from '@nestjs/common';
import { Clock, systemContext } from '@trunkline/kernel';
import { Database, audit, publish, sql } from '@trunkline/platform';
import type { TopUpState } from '../core/provider-news.ts';
import { ApplyCardPayment } from './apply-card-payment.ts';
import { PaymentAccounts } from './payment-accounts.ts';
import { PaymentProvider } from './payment-provider.ts';

type Row = { state: TopUpState; amountMinor: bigint; currency: string; paymentMethodId: string | null };
const find = sql<Row>(
  'top-up-to-charge',
  `SELECT state, amount_minor AS "amountMinor", currency, payment_method_id AS "paymentMethodId" FROM top_up WHERE tenant_id = $1 AND id = $2`,
);
const choose = sql<{ paymentMethodId: string }>(
  'top-up-choose-method',
  `UPDATE top_up SET payment_method_id = coalesce(payment_method_id, $3) WHERE tenant_id = $1 AND id = $2 RETURNING payment_method_id AS "paymentMethodId"`,
);
const fail = sql<{ id: string }>(
  'top-up-fail',
  `UPDATE top_up SET state = 'failed', decline_code = $4, settled_at = $3 WHERE tenant_id = $1 AND id = $2 AND state = 'pending' RETURNING id`,
);

/** Charges the card for a top-up, and takes over what came of it. May be repeated after any crash: it is charged once. */
@Injectable()
export class ChargeTopUp {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly provider: PaymentProvider,
    private readonly accounts: PaymentAccounts,
    private readonly apply: ApplyCardPayment,
  ) {}

  /** @throws AppError billing.provider_unavailable */
  async execute(tenantId: string, id: string): Promise<void> {
    const ctx = systemContext('charge top-up');
    const [topUp] = await this.db.read(ctx, (tx) => tx.query(find, tenantId, id));
    if (topUp?.state !== 'pending') return;
    const customerId = await this.accounts.customerOf(ctx, tenantId);
    const card = topUp.paymentMethodId ?? (await this.provider.paymentMethodOf(customerId));
    if (card === null) return this.refuse(tenantId, id, 'no_payment_method');
    // chosen for good before it is charged: a repeat with another card would be another payment
    const [chosen] = await this.db.tx(ctx, (tx) => tx.query(choose, tenantId, id, card));
    const { amountMinor, currency } = topUp;
    const paymentMethodId = chosen?.paymentMethodId ?? card;
    const payment = await this.provider.chargeTopUp(customerId, { id, tenantId, currency, amountMinor, paymentMethodId });
    if (payment === null) return this.refuse(tenantId, id, 'refused');
    await this.apply.execute(ctx, payment);
  }

  private refuse(tenantId: string, id: string, declineCode: string): Promise<void> {
    const ctx = systemContext('charge top-up');
    return this.db.tx(ctx, async (tx) => {
      const [failed] = await tx.query(fail, tenantId, id, this.clock.now(), declineCode);
      if (!failed) return;
      audit(tx, ctx, 'top_up.failed', id, { tenantId });
      publish(tx, { type: 'top_up.failed', tenantId, data: { topUpId: id } });
    });
  }
}
