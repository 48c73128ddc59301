import { Injectable } from '@nestjs/common';
import { Clock, systemContext } from '@trunkline/kernel';
import { Processor } from '@trunkline/platform';
import type { OutboxJob, ProcessesJobs } from '@trunkline/platform';
import type { Job } from 'bullmq';
import { monthName, monthToClose } from '../core/billing-month.ts';
import { CollectInvoice } from './collect-invoice.ts';
import { ProcessPaymentEvent } from './process-payment-event.ts';
import { PAYMENT_EVENT_RECEIVED } from './receive-webhook.ts';
import { RunInvoices } from './run-invoices.ts';
import { SweepBilling } from './sweep-billing.ts';

@Injectable()
@Processor({ queue: 'billing-collect', events: ['invoice.issued'] })
export class CollectProcessor implements ProcessesJobs<OutboxJob> {
  constructor(private readonly collect: CollectInvoice) {}

  async process({ data: { tenantId, data } }: Job<OutboxJob>): Promise<void> {
    await this.collect.execute(tenantId, (data as { invoiceId: string }).invoiceId);
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

@Injectable()
@Processor({ queue: 'billing-sweep', concurrency: 1, everyMs: 10 * 60_000 })
export class SweepProcessor implements ProcessesJobs {
  constructor(private readonly sweep: SweepBilling) {}

  async process(): Promise<void> {
    await this.sweep.execute();
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
