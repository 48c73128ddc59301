import { Injectable } from '@nestjs/common';
import { Clock } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Database, audit, publish, sql } from '@trunkline/platform';
import type { ProviderNews } from '../core/provider-news.ts';
import { ApplyCardPayment } from './apply-card-payment.ts';
import { ApplyCreditNote } from './apply-credit-note.ts';
import { ApplyDispute } from './apply-dispute.ts';
import { ApplyPayment } from './apply-payment.ts';

const changeMethod = sql<{ tenantId: string }>(
  'payment-method-by-news',
  `UPDATE payment_account SET payment_method_id = $2, method_changed_at = $3 WHERE provider_customer_id = $1 AND payment_method_id IS DISTINCT FROM $2
   RETURNING tenant_id AS "tenantId"`,
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
      const [changed] = await tx.query(changeMethod, providerCustomerId, paymentMethodId, this.clock.now());
      if (!changed) return;
      const { tenantId } = changed;
      audit(tx, ctx, 'payment_method.changed', tenantId, { paymentMethodId });
      publish(tx, { type: 'payment_method.changed', tenantId, data: { paymentMethodId } });
    });
  }
}
