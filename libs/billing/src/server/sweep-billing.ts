import { Injectable } from '@nestjs/common';
import { Clock, systemContext } from '@trunkline/kernel';
import { Database, Log, sql } from '@trunkline/platform';
import type { Sql } from '@trunkline/platform';
import { ChargeTopUp } from './charge-top-up.ts';
import { CollectInvoice } from './collect-invoice.ts';
import { ExpireTopUp } from './expire-top-up.ts';
import { HandOverCreditNotes } from './hand-over-credit-notes.ts';
import { ProcessPaymentEvent } from './process-payment-event.ts';
import { ReviewBalance } from './review-balance.ts';
import { SendRefund } from './send-refund.ts';

type OfTenant = { tenantId: string; id: string };

/** What is younger is still being worked at. */
const PATIENCE_MS = 5 * 60_000;
/** How long a cardholder may take to confirm a payment. */
const CONFIRM_MS = 24 * 3_600_000;
const BATCH = 200;
const ID = `tenant_id AS "tenantId", id`;
// the first attempt is the job's, for as long as a job is given; the others are the sweep's own
const due = sql<OfTenant & { attempts: number }>(
  'invoices-to-attempt',
  `SELECT ${ID}, attempts FROM invoice WHERE state IN ('open', 'payment_failed') AND next_attempt_at <= CASE WHEN attempts = 0 THEN $1::timestamptz ELSE $2::timestamptz END
   ORDER BY next_attempt_at LIMIT ${BATCH}`,
);
const unprocessed = sql<{ id: string }>(
  'payment-events-unprocessed',
  `SELECT id FROM payment_event WHERE processed_at IS NULL AND received_at <= $1 ORDER BY received_at LIMIT ${BATCH}`,
);
const uncharged = sql<OfTenant>(
  'top-ups-uncharged',
  `SELECT ${ID} FROM top_up WHERE state = 'pending' AND created_at <= $1 ORDER BY created_at LIMIT ${BATCH}`,
);
const unconfirmed = sql<OfTenant>(
  'top-ups-unconfirmed',
  `SELECT ${ID} FROM top_up WHERE state = 'requires_action' AND created_at <= $1 ORDER BY created_at LIMIT ${BATCH}`,
);
const unsent = sql<OfTenant>(
  'refunds-unsent',
  `SELECT ${ID} FROM refund WHERE state = 'pending' AND created_at <= $1 ORDER BY created_at LIMIT ${BATCH}`,
);
const notHandedOver = sql<OfTenant & { providerInvoiceId: string }>(
  'credit-notes-not-handed-over',
  `SELECT DISTINCT c.tenant_id AS "tenantId", c.invoice_id AS id, i.provider_invoice_id AS "providerInvoiceId" FROM credit_note c
   JOIN invoice i ON (i.tenant_id, i.id) = (c.tenant_id, c.invoice_id)
   WHERE c.handed_over_at IS NULL AND c.settlement = 'reduce' AND c.state = 'issued' AND c.issued_at <= $1 AND i.provider_invoice_id IS NOT NULL LIMIT ${BATCH}`,
);
// overdue, with a grace or a restriction that ends, or prepaid with a balance at its mark or a hold: what no message may have told of
const changeable = sql<{ tenantId: string }>(
  'tenants-to-review',
  `SELECT tenant_id AS "tenantId" FROM invoice i WHERE state IN ('open', 'payment_failed') AND (due_at <= $1 OR failed_at IS NOT NULL)
     AND NOT EXISTS (SELECT FROM hold h WHERE h.tenant_id = i.tenant_id AND h.kind = 'billing' AND h.stops = 'all' AND h.lifted_at IS NULL)
   UNION SELECT s.tenant_id FROM billing_settings s LEFT JOIN balance b ON b.tenant_id = s.tenant_id WHERE s.billing_mode = 'prepaid'
     AND (coalesce(b.amount_nanos >= b.watch_nanos, true) OR EXISTS (SELECT FROM hold h WHERE h.tenant_id = s.tenant_id AND h.kind = 'billing' AND h.lifted_at IS NULL))`,
);

/**
 * Takes up what was left: attempts whose time has come, and whatever the job of which was lost or gave up. What fails is logged and taken up by the
 * next sweep.
 */
@Injectable()
export class SweepBilling {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly collect: CollectInvoice,
    private readonly creditNotes: HandOverCreditNotes,
    private readonly processEvent: ProcessPaymentEvent,
    private readonly chargeTopUp: ChargeTopUp,
    private readonly expireTopUp: ExpireTopUp,
    private readonly sendRefund: SendRefund,
    private readonly reviewBalance: ReviewBalance,
  ) {}

  async execute(): Promise<void> {
    const now = this.clock.now();
    const old = new Date(now.getTime() - PATIENCE_MS);
    await this.each(due, [old, now], ({ tenantId, id, attempts }) => this.collect.execute(tenantId, id, attempts));
    await this.each(notHandedOver, [old], ({ tenantId, id, providerInvoiceId }) =>
      this.creditNotes.execute(tenantId, id, providerInvoiceId),
    );
    await this.each(unprocessed, [old], ({ id }) => this.processEvent.execute(id));
    await this.each(uncharged, [old], ({ tenantId, id }) => this.chargeTopUp.execute(tenantId, id));
    await this.each(unconfirmed, [new Date(now.getTime() - CONFIRM_MS)], ({ tenantId, id }) => this.expireTopUp.execute(tenantId, id));
    await this.each(unsent, [old], ({ tenantId, id }) => this.sendRefund.execute(tenantId, id));
    await this.each(changeable, [now], ({ tenantId }) => this.reviewBalance.execute(tenantId));
  }

  private async each<T extends object>(what: Sql<T>, values: readonly Date[], act: (item: T) => Promise<unknown>): Promise<void> {
    const items = await this.db.read(systemContext('sweep billing'), (tx) => tx.query(what, ...values));
    for (const item of items) {
      await act(item).catch((err: unknown) => this.log.error({ ...item, err }, 'left for the next billing sweep'));
    }
  }
}
