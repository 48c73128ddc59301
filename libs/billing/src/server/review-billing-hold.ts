import { Injectable } from '@nestjs/common';
import { Clock } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Database, sql } from '@trunkline/platform';
import { LiftHold, PlaceHold } from '@trunkline/tenancy/server';
import { billingHoldChange } from '../core/billing-hold.ts';
import type { InvoiceDue } from '../core/billing-hold.ts';
import { lockTenant } from './invoices.sql.ts';

const unpaid = sql<InvoiceDue>(
  'invoices-unpaid',
  `SELECT state, due_at AS "dueAt" FROM invoice WHERE tenant_id = $1 AND state IN ('open', 'payment_failed')`,
);
const held = sql<{ id: string }>('billing-hold', `SELECT id FROM hold WHERE tenant_id = $1 AND kind = 'billing' AND lifted_at IS NULL`);

/** Places or lifts a tenant's billing hold as its invoices demand. */
@Injectable()
export class ReviewBillingHold {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly placeHold: PlaceHold,
    private readonly liftHold: LiftHold,
  ) {}

  execute(ctx: SystemContext, tenantId: string): Promise<void> {
    return this.db.tx(ctx, async (tx) => {
      await lockTenant(tx, tenantId); // it looks at all invoices, so none may change meanwhile
      const invoices = await tx.query(unpaid, tenantId);
      const isHeld = (await tx.query(held, tenantId)).length > 0;
      const change = billingHoldChange(invoices, isHeld, this.clock.now());
      if (change === 'place') await this.placeHold.execute(ctx, tenantId, 'billing', 'An invoice is not paid');
      if (change === 'lift') await this.liftHold.execute(ctx, tenantId, 'billing');
    });
  }
}
