import { Injectable } from '@nestjs/common';
import { Clock, systemContext } from '@trunkline/kernel';
import { Database, sql } from '@trunkline/platform';
import { ApplyNews } from './apply-news.ts';
import { PaymentProvider } from './payment-provider.ts';

const find = sql<{ type: string; objectId: string }>(
  'payment-event',
  `SELECT type, object_id AS "objectId" FROM payment_event WHERE id = $1`,
);
const holder = sql<{ customerId: string }>(
  'payment-method-holder',
  `SELECT provider_customer_id AS "customerId" FROM payment_account WHERE payment_method_id = $1`,
);
const processed = sql('payment-event-processed', `UPDATE payment_event SET processed_at = $2 WHERE id = $1`);

/** Acts on a message of the payment provider: fetches what it is about as it is now, since messages come in any order. */
@Injectable()
export class ProcessPaymentEvent {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly provider: PaymentProvider,
    private readonly apply: ApplyNews,
  ) {}

  async execute(paymentEventId: string): Promise<void> {
    const ctx = systemContext('payment event');
    const [event] = await this.db.read(ctx, (tx) => tx.query(find, paymentEventId));
    const subject = event && (await this.subjectOf(event));
    for (const news of subject ? await this.provider.fetchNews(subject) : []) await this.apply.execute(ctx, news);
    await this.db.tx(ctx, (tx) => tx.query(processed, paymentEventId, this.clock.now()));
  }

  /** A detached payment method does not say any more whose it was: we know. */
  private async subjectOf(event: Subject): Promise<Subject | undefined> {
    if (event.type !== 'payment_method.detached') return event;
    const [account] = await this.db.read(systemContext('payment event'), (tx) => tx.query(holder, event.objectId));
    return account && { type: 'customer.updated', objectId: account.customerId };
  }
}

type Subject = { readonly type: string; readonly objectId: string };
