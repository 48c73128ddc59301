import { Injectable } from '@nestjs/common';
import { Clock } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Database, audit, changed, publish, sql } from '@trunkline/platform';
import type { ProviderNews } from '../core/provider-news.ts';
import { ApplyCardPayment } from './apply-card-payment.ts';
import { ApplyCreditNote } from './apply-credit-note.ts';
import { ApplyDispute } from './apply-dispute.ts';
import { ApplyPayment } from './apply-payment.ts';

const lockMethod = sql<{ tenantId: string; paymentMethodId: string | null }>(
  'payment-method-lock-by-news',
  `SELECT tenant_id AS "tenantId", payment_method_id AS "paymentMethodId" FROM payment_account WHERE provider_customer_id = $1 FOR UPDATE`,
);
const changeMethod = sql(
  'payment-method-by-news',
  `UPDATE payment_account SET payment_method_id = $2, method_changed_at = $3 WHERE provider_customer_id = $1`,
);

/** Takes over whatever the payment provider says, each kind by its own use case. */
@Injectable()
export class ApplyNews {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly payment: ApplyPayment,
    private readonly cardPayment: ApplyCardPayment,
    private readonly dispute: ApplyDispute,
    private readonly creditNote: ApplyCreditNote,
  ) {}

  async execute(ctx: SystemContext, news: ProviderNews): Promise<void> {
    switch (news.kind) {
      case 'invoice':
        return void (await this.payment.execute(ctx, news.invoice));
      case 'payment':
        return this.cardPayment.execute(ctx, news.payment);
      case 'dispute':
        return this.dispute.execute(ctx, news.dispute);
      case 'credit_note':
        return this.creditNote.execute(ctx, news.creditNote);
      case 'customer':
        return this.changeMethod(ctx, news.providerCustomerId, news.paymentMethodId);
    }
  }

  /** The customer chose another card at the provider, or took its card away. */
  private changeMethod(ctx: SystemContext, providerCustomerId: string, paymentMethodId: string | null): Promise<void> {
    return this.db.tx(ctx, async (tx) => {
      const [before] = await tx.query(lockMethod, providerCustomerId);
      if (!before || before.paymentMethodId === paymentMethodId) return;
      await tx.query(changeMethod, providerCustomerId, paymentMethodId, this.clock.now());
      const { tenantId } = before;
      audit(tx, ctx, 'payment_method.changed', tenantId, {
        tenantId,
        ...changed({ paymentMethodId: before.paymentMethodId }, { paymentMethodId }),
      });
      publish(tx, { type: 'payment_method.changed', tenantId, data: { paymentMethodId } });
    });
  }
}
