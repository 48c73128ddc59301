import { Injectable } from '@nestjs/common';
import { Clock, systemContext } from '@trunkline/kernel';
import { Database, PLATFORM_TENANT_ID, publish, sql } from '@trunkline/platform';
import { PaymentProvider } from './payment-provider.ts';

export const PAYMENT_EVENT_RECEIVED = 'payment_event.received';

const insert = sql<{ id: string }>(
  'payment-event-insert',
  `INSERT INTO payment_event (id, type, object_id, received_at) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING RETURNING id`,
);

/** Keeps a message of the payment provider and has it looked at, in one transaction. A repeat is answered and forgotten. */
@Injectable()
export class ReceiveWebhook {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly provider: PaymentProvider,
  ) {}

  /** @throws AppError billing.bad_signature; nothing is written then */
  async execute(rawBody: Uint8Array, signature: string, requestId: string): Promise<void> {
    const event = this.provider.parseWebhook(rawBody, signature);
    await this.db.tx(systemContext('payment provider webhook', requestId), async (tx) => {
      const [fresh] = await tx.query(insert, event.id, event.type, event.objectId, this.clock.now());
      if (fresh) publish(tx, { type: PAYMENT_EVENT_RECEIVED, tenantId: PLATFORM_TENANT_ID, data: { paymentEventId: event.id } });
    });
  }
}
