import { Injectable } from '@nestjs/common';
import { Clock, systemContext } from '@trunkline/kernel';
import { BALANCE_LOW } from '@trunkline/ledger/server';
import { Log, Metrics, Processor } from '@trunkline/platform';
import type { OutboxJob, ProcessesJobs } from '@trunkline/platform';
import type { Job } from 'bullmq';
import { monthName, monthToClose } from '../core/billing-month.ts';
import { ChargeTopUp } from './charge-top-up.ts';
import { CollectInvoice } from './collect-invoice.ts';
import { HandOverCreditNotes } from './hand-over-credit-notes.ts';
import { InvoiceQueries } from './invoice-queries.ts';
import { ProcessPaymentEvent } from './process-payment-event.ts';
import { PAYMENT_EVENT_RECEIVED } from './receive-webhook.ts';
import { Reconcile } from './reconcile.ts';
import { ResumeCollection } from './resume-collection.ts';
import { ReviewBalance } from './review-balance.ts';
import { RunInvoices } from './run-invoices.ts';
import { SendRefund } from './send-refund.ts';
import { SweepBilling } from './sweep-billing.ts';

@Injectable()
@Processor({ queue: 'billing-collect', events: ['invoice.issued'] })
export class CollectProcessor implements ProcessesJobs<OutboxJob> {
  constructor(private readonly collect: CollectInvoice) {}

  async process({ data: { tenantId, data } }: Job<OutboxJob>): Promise<void> {
    await this.collect.execute(tenantId, (data as { invoiceId: string }).invoiceId, 0);
  }
}

@Injectable()
@Processor({ queue: 'billing-credit-notes', events: ['credit_note.issued'] })
export class CreditNotesProcessor implements ProcessesJobs<OutboxJob> {
  constructor(
    private readonly creditNotes: HandOverCreditNotes,
    private readonly invoices: InvoiceQueries,
  ) {}

  async process({ data: { tenantId, data } }: Job<OutboxJob>): Promise<void> {
    const { invoiceId } = data as { invoiceId: string };
    const { providerInvoiceId } = await this.invoices.byId(systemContext('hand over credit notes'), tenantId, invoiceId);
    if (providerInvoiceId !== null) await this.creditNotes.execute(tenantId, invoiceId, providerInvoiceId);
  }
}

@Injectable()
@Processor({ queue: 'billing-payments', events: [PAYMENT_EVENT_RECEIVED] })
export class PaymentsProcessor implements ProcessesJobs<OutboxJob> {
  constructor(private readonly processEvent: ProcessPaymentEvent) {}

  async process({ data: { data } }: Job<OutboxJob>): Promise<void> {
    await this.processEvent.execute((data as { paymentEventId: string }).paymentEventId);
  }
}

/** Money that was asked for: to come by card, or to go back. */
@Injectable()
@Processor({ queue: 'billing-cards', events: ['top_up.requested', 'refund.requested'] })
export class CardsProcessor implements ProcessesJobs<OutboxJob> {
  constructor(
    private readonly chargeTopUp: ChargeTopUp,
    private readonly sendRefund: SendRefund,
  ) {}

  async process({ data: { tenantId, type, data } }: Job<OutboxJob>): Promise<void> {
    const { topUpId, refundId } = data as { topUpId: string; refundId: string };
    if (type === 'top_up.requested') await this.chargeTopUp.execute(tenantId, topUpId);
    else await this.sendRefund.execute(tenantId, refundId);
  }
}

/** What may change whether a tenant is topped up or held. Another card also brings back what the last one stopped. */
@Injectable()
@Processor({ queue: 'billing-balance', events: [BALANCE_LOW, 'auto_top_up.changed', 'payment_method.changed'] })
export class BalanceProcessor implements ProcessesJobs<OutboxJob> {
  constructor(
    private readonly review: ReviewBalance,
    private readonly resume: ResumeCollection,
  ) {}

  async process({ data: { tenantId, type } }: Job<OutboxJob>): Promise<void> {
    await this.review.execute(tenantId);
    if (type === 'payment_method.changed') await this.resume.execute(tenantId);
  }
}

@Injectable()
@Processor({ queue: 'billing-sweep', concurrency: 1, everyMs: 10 * 60_000 })
export class SweepProcessor implements ProcessesJobs {
  constructor(private readonly sweep: SweepBilling) {}

  async process(): Promise<void> {
    await this.sweep.execute();
  }
}

/** Compares with the payment provider every night, and raises its voice when something differs. */
@Injectable()
@Processor({ queue: 'billing-reconcile', concurrency: 1, everyMs: 24 * 3_600_000 })
export class ReconcileProcessor implements ProcessesJobs {
  private readonly open;
  private readonly healed;

  constructor(
    private readonly reconcile: Reconcile,
    private readonly log: Log,
    metrics: Metrics,
  ) {
    this.open = metrics.gauge('billing_reconciliation_differences', 'Differences from the payment provider at the last comparison');
    this.healed = metrics.counter('billing_reconciliation_healed_total', 'Lost messages of the payment provider that were made up for');
  }

  async process(): Promise<void> {
    const { open, healed } = await this.reconcile.execute();
    this.open.set(open);
    this.healed.inc(healed);
    if (open > 0) this.log.error({ open }, 'the payment provider and we differ');
  }
}

/** Closes the last month by itself. The operator's route does the same at any later time. */
@Injectable()
@Processor({ queue: 'billing-close', concurrency: 1, everyMs: 3_600_000 })
export class CloseProcessor implements ProcessesJobs {
  constructor(
    private readonly run: RunInvoices,
    private readonly clock: Clock,
  ) {}

  async process(): Promise<void> {
    const month = monthToClose(this.clock.now());
    if (month) await this.run.execute(systemContext('close month'), monthName(month));
  }
}
