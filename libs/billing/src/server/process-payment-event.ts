import { Injectable } from '@nestjs/common';
import { Clock, systemContext } from '@trunkline/kernel';
import { Database, sql } from '@trunkline/platform';
import { ApplyPayment } from './apply-payment.ts';
import { PaymentProvider } from './payment-provider.ts';

const find = sql<{ type: string; objectId: string }>(
  'payment-event',
  `SELECT type, object_id AS "objectId" FROM payment_event WHERE id = $1`,
);
const processed = sql('payment-event-processed', `UPDATE payment_event SET processed_at = $2 WHERE id = $1`);

/** Acts on a message of the payment provider: fetches the invoice it is about as it is now, since messages come in any order. */
@Injectable()
export class ProcessPaymentEvent {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly provider: PaymentProvider,
    private readonly apply: ApplyPayment,
  ) {}

  async execute(paymentEventId: string): Promise<void> {
    const ctx = systemContext('payment event');
    const [event] = await this.db.read(ctx, (tx) => tx.query(find, paymentEventId));
    // an upcoming invoice has no id, and one that was deleted is no news
    const aboutInvoice = event?.objectId && event.type.startsWith('invoice.');
    const invoice = aboutInvoice ? await this.provider.fetchInvoice(event.objectId) : undefined;
    if (invoice) await this.apply.execute(ctx, invoice);
    await this.db.tx(ctx, (tx) => tx.query(processed, paymentEventId, this.clock.now()));
  }
}
