import { Injectable } from '@nestjs/common';
import { Clock, newId } from '@trunkline/kernel';
import type { Period, SystemContext } from '@trunkline/kernel';
import { charge, roundingResidue } from '@trunkline/ledger';
import type { Posting } from '@trunkline/ledger';
import { post } from '@trunkline/ledger/server';
import { Database, audit, publish, sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { dueDate, monthBefore, monthName, monthsUpTo } from '../core/billing-month.ts';
import { invoiceCharges, resourceFees } from '../core/charges.ts';
import { buildInvoice, paidFromBalance } from '../core/invoice.ts';
import type { Invoice } from '../core/invoice.ts';
import { firstUnchargedMonth, itemsOfMonth, meteredOfMonth, unbilledPostings } from './charges.sql.ts';
import { insertInvoice, lockTenant, nextInvoiceNumber } from './invoices.sql.ts';
import { readStanding } from './standing.sql.ts';

type Payer = { readonly id: string; readonly currency: string };

const existing = sql<{ id: string }>('invoice-of-month', `SELECT id FROM invoice WHERE tenant_id = $1 AND period_from = $2`);

/**
 * Closes a month of one tenant, in a transaction of its own: charges what was held by the month, then writes the invoice of everything charged
 * for months up to this one that is on no invoice yet. Calls that arrive later are billed by the next one. What a
 * tenant has paid beforehand is taken off first.
 */
@Injectable()
export class CloseMonth {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Closing twice is closing once.
   * @param month must be over
   * @returns the invoice; undefined when there is one already, or nothing to pay: less than half a minor unit stays for the next
   */
  execute(ctx: SystemContext, tenantId: string, month: Period): Promise<Invoice | undefined> {
    return this.db.alone(ctx, async (tx) => {
      const tenant = await lockTenant(tx, tenantId);
      if (!tenant || (await tx.query(existing, tenantId, month.from)).length > 0) return undefined;
      await this.chargeFees(tx, tenant, month);
      const totals = await unbilledPostings(tx, tenantId, month);
      const draft = buildInvoice(this.head(tenant, month), invoiceCharges(totals), newId);
      if (draft.totalMinor === 0n) return undefined;
      const ids = totals.flatMap((t) => t.ids);
      return this.issue(ctx, tx, { ...draft, number: await nextInvoiceNumber(tx, draft) }, ids);
    });
  }

  private head({ id: tenantId, currency }: Payer, period: Period) {
    const issuedAt = this.clock.now();
    return { id: newId(), tenantId, number: '', currency, period, issuedAt, dueAt: dueDate(issuedAt) };
  }

  /** Months that nobody closed are charged too, each as itself. */
  private async chargeFees(tx: Tx, { id: tenantId, currency }: Payer, last: Period): Promise<void> {
    const first = await firstUnchargedMonth(tx, tenantId);
    const postedAt = this.clock.now();
    for (const month of first ? monthsUpTo(first.from, last) : []) {
      const fees = resourceFees(await itemsOfMonth(tx, tenantId, month), month);
      const postings = fees.map(({ resourceId, kind, quantity, amountNanos }): Posting => {
        const head = { tenantId, currency, month: month.from, postedAt, reference: `${resourceId}:${monthName(month)}` };
        return charge(`recurring_${kind}`, head, amountNanos, { count: quantity, seconds: 0 });
      });
      await post(tx, postings);
    }
    await this.chargeMetered(tx, { id: tenantId, currency }, last);
  }

  /** Of the month before, too: calls of it that came after its close. */
  private async chargeMetered(tx: Tx, { id: tenantId, currency }: Payer, last: Period): Promise<void> {
    const postedAt = this.clock.now();
    for (const month of [monthBefore(last), last]) {
      const fees = await meteredOfMonth(tx, tenantId, month);
      const postings = fees.map(({ poolId, count, seconds, amountNanos }): Posting => {
        const reference = `${poolId}:${monthName(month)}:${monthName(last)}`;
        const head = { tenantId, currency, month: month.from, postedAt, reference };
        return charge('usage_metered', head, amountNanos, { count, seconds: Number(seconds) });
      });
      await post(tx, postings);
    }
  }

  private async issue(ctx: SystemContext, tx: Tx, invoice: Invoice, postingIds: readonly string[]): Promise<Invoice> {
    const { id, tenantId, currency, number, period, issuedAt, residueNanos, totalMinor } = invoice;
    const standing = await readStanding(tx, tenantId);
    const fromBalance = standing ? paidFromBalance(invoice, standing) : 0n;
    await insertInvoice(tx, invoice, fromBalance, postingIds);
    if (residueNanos !== 0n)
      await post(tx, [roundingResidue({ tenantId, currency, month: period.from, postedAt: issuedAt, reference: id }, residueNanos)]);
    audit(tx, ctx, 'invoice.issued', id, { tenantId, number, totalMinor: String(totalMinor) });
    publish(tx, { type: 'invoice.issued', tenantId, data: { invoiceId: id } });
    if (fromBalance === totalMinor) publish(tx, { type: 'invoice.paid', tenantId, data: { invoiceId: id } });
    return invoice;
  }
}
