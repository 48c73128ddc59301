import { Injectable } from '@nestjs/common';
import { PortingCarrier } from '@trunkline/carriers/server';
import type { SignedMessage } from '@trunkline/carriers/server';
import { AppError, Clock, systemContext } from '@trunkline/kernel';
import { Database, PLATFORM_TENANT_ID, publish, sql } from '@trunkline/platform';
import { portingErrors } from '../core/errors.ts';
import { ReconcilePort } from './reconcile-port.ts';

export const CARRIER_EVENT_RECEIVED = 'carrier_port_event.received';

const insert = sql<{ ref: string }>(
  'carrier-port-event-insert',
  `INSERT INTO carrier_port_event (carrier, event_id, ref, received_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING ref`,
);
const find = sql<{ ref: string }>('carrier-port-event', `SELECT ref FROM carrier_port_event WHERE carrier = $1 AND event_id = $2`);
const ordersAt = sql<{ tenantId: string; id: string }>(
  'port-orders-of-ref',
  `SELECT tenant_id AS "tenantId", id FROM port_order WHERE carrier_ref = $1`,
);
const processed = sql(
  'carrier-port-event-processed',
  `UPDATE carrier_port_event SET processed_at = $3 WHERE carrier = $1 AND event_id = $2`,
);

/** Keeps a carrier's message, once, and has its order looked at. The message only wakes: what is true is asked of the carrier. */
@Injectable()
export class ReceivePortEvent {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly carrier: PortingCarrier,
    private readonly reconcile: ReconcilePort,
  ) {}

  /** @throws AppError porting.bad_signature; nothing is written then */
  async execute(message: SignedMessage, requestId: string): Promise<void> {
    const events = this.parse(message);
    await this.db.tx(systemContext('carrier webhook', requestId), async (tx) => {
      for (const { carrier, eventId, ref } of events) {
        const [fresh] = await tx.query(insert, carrier, eventId, ref, this.clock.now());
        if (fresh) publish(tx, { type: CARRIER_EVENT_RECEIVED, tenantId: PLATFORM_TENANT_ID, data: { carrier, eventId } });
      }
    });
  }

  /** A message about an order that we do not know yet is kept: once the carrier's acknowledgement is written down, the order is polled anyway. */
  async process(carrier: string, eventId: string): Promise<void> {
    const ctx = systemContext('carrier event');
    const [event] = await this.db.ask(ctx, find, carrier, eventId);
    for (const { tenantId, id } of event ? await this.db.ask(ctx, ordersAt, event.ref) : []) await this.reconcile.execute(tenantId, id);
    await this.db.tx(ctx, (tx) => tx.query(processed, carrier, eventId, this.clock.now()));
  }

  private parse(message: SignedMessage) {
    try {
      return this.carrier.parseWebhook(message, this.clock.now());
    } catch (cause) {
      throw new AppError(portingErrors.badSignature, undefined, { cause });
    }
  }
}
