import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Database } from '@trunkline/platform';
import { LiftHold, PlaceHold } from '@trunkline/tenancy/server';
import { billingHold } from '../core/billing-hold.ts';
import type { DunningPolicy } from '../core/dunning.ts';
import { DUNNING } from './billing-config.ts';
import { lockTenant } from './invoices.sql.ts';
import { readStanding } from './standing.sql.ts';

/** Places, deepens or lifts a tenant's billing hold as its invoices and, when it pays beforehand, its balance demand. */
@Injectable()
export class ReviewBillingHold {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly placeHold: PlaceHold,
    private readonly liftHold: LiftHold,
    @Inject(DUNNING) private readonly policy: DunningPolicy,
  ) {}

  execute(ctx: SystemContext, tenantId: string): Promise<void> {
    return this.db.tx(ctx, async (tx) => {
      await lockTenant(tx, tenantId); // it looks at all invoices, so none may change meanwhile
      const standing = await readStanding(tx, tenantId);
      const hold = standing && billingHold(standing, this.clock.now(), this.policy);
      if (hold === undefined) await this.liftHold.execute(ctx, tenantId, 'billing');
      else await this.placeHold.execute(ctx, tenantId, 'billing', hold.reason, hold.stops);
    });
  }
}
