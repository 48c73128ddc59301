import { Injectable } from '@nestjs/common';
import { Clock, monthOf, newId } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database } from '@trunkline/platform';
import { TenantQueries } from '@trunkline/tenancy/server';
import { invoiceCharges, resourceFees, totalsOfFees } from '../core/charges.ts';
import { buildInvoice } from '../core/invoice.ts';
import type { Invoice } from '../core/invoice.ts';
import { itemsOfMonth, unbilledTotals } from './charges.sql.ts';

/** What the open month will cost: everything charged until now, and what is held now until the end of the month. Without id and number, since it is no invoice. */
export type Upcoming = Pick<Invoice, 'currency' | 'period' | 'lines' | 'totalMinor' | 'residueNanos'>;

@Injectable()
export class UpcomingInvoice {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly tenants: TenantQueries,
  ) {}

  execute(ctx: TenantContext): Promise<Upcoming> {
    return this.db.read(ctx, async (tx) => {
      const now = this.clock.now();
      const period = monthOf(now);
      const { currency } = await this.tenants.byId(ctx, ctx.tenantId);
      const fees = totalsOfFees(resourceFees(await itemsOfMonth(tx, ctx.tenantId, period), period));
      const charges = invoiceCharges([...(await unbilledTotals(tx, ctx.tenantId, period)), ...fees]);
      const head = { id: '', tenantId: ctx.tenantId, number: '', currency, period, issuedAt: period.to, dueAt: period.to };
      return buildInvoice(head, charges, newId);
    });
  }
}
