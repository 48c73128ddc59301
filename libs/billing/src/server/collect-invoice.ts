import { Inject, Injectable } from '@nestjs/common';
import { Clock, systemContext } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Database, sql } from '@trunkline/platform';
import { nextAttemptAt } from '../core/dunning.ts';
import type { DunningPolicy } from '../core/dunning.ts';
import { isSettled } from '../core/invoice-state.ts';
import type { InvoiceState } from '../core/invoice-state.ts';
import { ApplyPayment } from './apply-payment.ts';
import { DUNNING } from './billing-config.ts';
import { HandOverCreditNotes } from './hand-over-credit-notes.ts';
import { InvoiceQueries } from './invoice-queries.ts';
import type { IssuedInvoice } from './invoice-queries.ts';
import { lockTenant } from './invoices.sql.ts';
import { PaymentAccounts } from './payment-accounts.ts';
import { PaymentProvider } from './payment-provider.ts';
import type { InvoiceToCollect } from './payment-provider.ts';

const record = sql(
  'invoice-attempt-record',
  `UPDATE invoice SET attempts = $3 + 1, decline_code = $4, next_attempt_at = $5 WHERE tenant_id = $1 AND id = $2 AND attempts = $3`,
);

/** Has an invoice paid: hands it to the payment provider if that is not done, and makes one attempt of the schedule. May be repeated after any crash. */
@Injectable()
export class CollectInvoice {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly provider: PaymentProvider,
    private readonly accounts: PaymentAccounts,
    private readonly invoices: InvoiceQueries,
    private readonly creditNotes: HandOverCreditNotes,
    private readonly apply: ApplyPayment,
    @Inject(DUNNING) private readonly policy: DunningPolicy,
  ) {}

  /**
   * @param attempt counts from 0, and names the attempt at the provider: its repeat is the same attempt. One that was made already is not made again
   * @throws AppError billing.provider_unavailable, billing.total_mismatch, resource.not_found
   */
  async execute(tenantId: string, invoiceId: string, attempt: number): Promise<InvoiceState | undefined> {
    const ctx = systemContext('collect invoice');
    const invoice = await this.invoices.byId(ctx, tenantId, invoiceId);
    if (isSettled(invoice.state) || invoice.state === 'uncollectible' || invoice.attempts !== attempt) return invoice.state;
    const providerInvoiceId = await this.handOver(ctx, invoice);
    await this.creditNotes.execute(tenantId, invoiceId, providerInvoiceId);
    const { invoice: news, declineCode } = await this.provider.payInvoice(providerInvoiceId, String(attempt));
    return this.db.tx(ctx, async (tx) => {
      await lockTenant(tx, tenantId); // before the invoice, as everybody does
      const next = nextAttemptAt(attempt + 1, declineCode, this.clock.now(), this.policy);
      await tx.query(record, tenantId, invoiceId, attempt, declineCode, next);
      return this.apply.execute(ctx, news);
    });
  }

  /** @returns the provider's id of the invoice */
  async handOver(ctx: SystemContext, invoice: IssuedInvoice): Promise<string> {
    if (invoice.providerInvoiceId !== null) return invoice.providerInvoiceId;
    const customerId = await this.accounts.customerOf(ctx, invoice.tenantId);
    const handed = await this.provider.handOver(customerId, toCollect(invoice));
    await this.apply.execute(ctx, handed);
    return handed.providerInvoiceId;
  }
}

const toCollect = ({ periodFrom, periodTo, ...invoice }: IssuedInvoice): InvoiceToCollect => ({
  ...invoice,
  period: { from: periodFrom, to: periodTo },
});
