import { Injectable } from '@nestjs/common';
import { Clock } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, audit, changed, publish, sql } from '@trunkline/platform';
import { PaymentAccounts } from './payment-accounts.ts';
import { PaymentProvider } from './payment-provider.ts';

const lock = sql<{ paymentMethodId: string | null }>(
  'payment-method-lock',
  `SELECT payment_method_id AS "paymentMethodId" FROM payment_account WHERE tenant_id = $1 FOR UPDATE`,
);
const update = sql(
  'payment-method-update',
  `UPDATE payment_account SET payment_method_id = $2, method_changed_at = $3 WHERE tenant_id = $1`,
);

/** Sets what the tenant's invoices are paid with from now on. What the former one stopped for good is tried again; the rest when it is due. */
@Injectable()
export class ChangePaymentMethod {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly provider: PaymentProvider,
    private readonly accounts: PaymentAccounts,
  ) {}

  /**
   * @param token from the provider's own form: card numbers never pass through us
   * @returns the provider's lasting id of the payment method
   * @throws AppError billing.payment_method_refused
   */
  async execute(ctx: TenantContext, token: string): Promise<string> {
    const customerId = await this.accounts.customerOf(ctx, ctx.tenantId);
    const paymentMethodId = await this.provider.setPaymentMethod(customerId, token);
    return this.db.tx(ctx, async (tx) => {
      const [before] = await tx.query(lock, ctx.tenantId);
      await tx.query(update, ctx.tenantId, paymentMethodId, this.clock.now());
      audit(tx, ctx, 'payment_method.changed', ctx.tenantId, changed(before ?? { paymentMethodId: null }, { paymentMethodId }));
      publish(tx, { type: 'payment_method.changed', tenantId: ctx.tenantId, data: { paymentMethodId } });
      return paymentMethodId;
    });
  }
}
