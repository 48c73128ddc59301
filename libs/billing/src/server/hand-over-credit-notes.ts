import { Injectable } from '@nestjs/common';
import { Clock, systemContext } from '@trunkline/kernel';
import { Database, sql } from '@trunkline/platform';
import { ApplyPayment } from './apply-payment.ts';
import { PaymentProvider } from './payment-provider.ts';

type Note = { id: string; number: string; amountMinor: bigint };
const waiting = sql<Note>(
  'credit-notes-to-hand-over',
  `SELECT id, number, total_minor AS "amountMinor" FROM credit_note
   WHERE tenant_id = $1 AND invoice_id = $2 AND settlement = 'reduce' AND state = 'issued' AND handed_over_at IS NULL ORDER BY issued_at, id`,
);
const done = sql(
  'credit-note-handed',
  `UPDATE credit_note SET provider_credit_note_id = coalesce(provider_credit_note_id, $3), handed_over_at = $4 WHERE tenant_id = $1 AND id = $2`,
);

/** Tells the payment provider of credit notes, so that it collects less. May be repeated after any crash. */
@Injectable()
export class HandOverCreditNotes {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly provider: PaymentProvider,
    private readonly apply: ApplyPayment,
  ) {}

  /** @param providerInvoiceId of an invoice that was handed over */
  async execute(tenantId: string, invoiceId: string, providerInvoiceId: string): Promise<void> {
    const ctx = systemContext('hand over credit notes');
    const notes = await this.db.read(ctx, (tx) => tx.query(waiting, tenantId, invoiceId));
    for (const note of notes) {
      const providerId = await this.provider.creditInvoice(providerInvoiceId, note);
      await this.db.tx(ctx, (tx) => tx.query(done, tenantId, note.id, providerId, this.clock.now()));
    }
    const invoice = notes.length > 0 ? await this.provider.fetchInvoice(providerInvoiceId) : undefined;
    if (invoice) await this.apply.execute(ctx, invoice); // nothing may be left to pay
  }
}
