import { Injectable } from '@nestjs/common';
import { Processor } from '@trunkline/platform';
import type { OutboxJob, ProcessesJobs } from '@trunkline/platform';
import type { Job } from 'bullmq';
import { CollectInvoice } from './collect-invoice.ts';
import { ProcessPaymentEvent } from './process-payment-event.ts';
import { PAYMENT_EVENT_RECEIVED } from './receive-webhook.ts';
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
