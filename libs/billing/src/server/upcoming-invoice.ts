import { Injectable } from '@nestjs/common';
import { Clock, monthOf, newId, notFound } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database } from '@trunkline/platform';
import { invoiceCharges, resourceFees, totalsOfFees } from '../core/charges.ts';
import type { ChargeTotal } from '../core/charges.ts';
import { buildInvoice, paidFromBalance } from '../core/invoice.ts';
import type { Invoice } from '../core/invoice.ts';
import { itemsOfMonth, meteredOfMonth, unbilledTotals } from './charges.sql.ts';
import { readStanding } from './standing.sql.ts';

/** What the open month will cost: everything charged until now, and what is held now until the end of the month. Without id and number, since it is no invoice. */
export type Upcoming = Pick<Invoice, 'currency' | 'period' | 'lines' | 'totalMinor' | 'residueNanos'> & {
  readonly fromBalanceMinor: bigint;
};

@Injectable()
export class UpcomingInvoice {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  execute(ctx: TenantContext): Promise<Upcoming> {
    return this.db.read(ctx, async (tx) => {
      const now = this.clock.now();
      const period = monthOf(now);
      const standing = await readStanding(tx, ctx.tenantId);
      if (!standing) throw notFound();
      const { currency } = standing;
      const fees = totalsOfFees(resourceFees(await itemsOfMonth(tx, ctx.tenantId, period), period));
      const metered = (await meteredOfMonth(tx, ctx.tenantId, period)).map((m): ChargeTotal => ({ kind: 'usage_metered', ...m }));
      const charges = invoiceCharges([...(await unbilledTotals(tx, ctx.tenantId, period)), ...fees, ...metered]);
      const head = { id: '', tenantId: ctx.tenantId, number: '', currency, period, issuedAt: period.to, dueAt: period.to };
      const invoice = buildInvoice(head, charges, newId);
      return { ...invoice, fromBalanceMinor: paidFromBalance(invoice, standing) };
    });
  }
}
