import { Injectable } from '@nestjs/common';
import { Clock, systemContext } from '@trunkline/kernel';
import { Database, Log, sql } from '@trunkline/platform';
import { CollectInvoice } from './collect-invoice.ts';
import { ProcessPaymentEvent } from './process-payment-event.ts';
import { ReviewBillingHold } from './review-billing-hold.ts';

type Invoice = { tenantId: string; id: string };

/** What is younger is still being worked at. */
const PATIENCE_MS = 5 * 60_000;
const BATCH = 200;
const uncollected = sql<Invoice>(
  'invoices-uncollected',
  `SELECT tenant_id AS "tenantId", id FROM invoice WHERE state = 'open' AND provider_invoice_id IS NULL AND issued_at <= $1 ORDER BY issued_at LIMIT ${BATCH}`,
);
const unprocessed = sql<{ id: string }>(
  'payment-events-unprocessed',
  `SELECT id FROM payment_event WHERE processed_at IS NULL AND received_at <= $1 ORDER BY received_at LIMIT ${BATCH}`,
);
const overdue = sql<{ tenantId: string }>(
  'invoices-overdue',
  `SELECT DISTINCT tenant_id AS "tenantId" FROM invoice i WHERE state = 'open' AND due_at <= $1
     AND NOT EXISTS (SELECT FROM hold h WHERE h.tenant_id = i.tenant_id AND h.kind = 'billing' AND h.lifted_at IS NULL)`,
);

/**
 * Takes up what was left: invoices that no attempt of their job could hand over, messages of the payment provider that nobody could act upon,
 * tenants whose invoice became overdue with no event to tell of it. What fails is logged and taken up by the next sweep.
 */
@Injectable()
export class SweepBilling {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly collect: CollectInvoice,
    private readonly processEvent: ProcessPaymentEvent,
    private readonly reviewHold: ReviewBillingHold,
  ) {}

  async execute(): Promise<void> {
    const ctx = systemContext('sweep billing');
    const now = this.clock.now();
    const old = new Date(now.getTime() - PATIENCE_MS);
    await this.each(await this.db.read(ctx, (tx) => tx.query(uncollected, old)), ({ tenantId, id }) => this.collect.execute(tenantId, id));
    await this.each(await this.db.read(ctx, (tx) => tx.query(unprocessed, old)), ({ id }) => this.processEvent.execute(id));
    await this.each(await this.db.read(ctx, (tx) => tx.query(overdue, now)), ({ tenantId }) => this.reviewHold.execute(ctx, tenantId));
  }

  private async each<T extends object>(items: readonly T[], act: (item: T) => Promise<unknown>): Promise<void> {
    for (const item of items) {
      await act(item).catch((err: unknown) => this.log.error({ ...item, err }, 'left for the next billing sweep'));
    }
  }
}
