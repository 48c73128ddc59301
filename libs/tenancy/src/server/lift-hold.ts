import { Injectable } from '@nestjs/common';
import { Clock } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Database, audit, markDirty, publish, sql } from '@trunkline/platform';
import type { HoldKind } from '../core/hold.ts';

const lift = sql<{ id: string }>(
  'hold-lift',
  `UPDATE hold SET lifted_at = $3 WHERE tenant_id = $1 AND kind = $2 AND lifted_at IS NULL RETURNING id`,
);

/** Lifts the active hold of one kind; the others stay. Lifting a hold that is not there changes nothing. */
@Injectable()
export class LiftHold {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @returns whether there was one */
  execute(ctx: SystemContext, tenantId: string, kind: HoldKind): Promise<boolean> {
    return this.db.tx(ctx, async (tx) => {
      const [hold] = await tx.query(lift, tenantId, kind, this.clock.now());
      if (!hold) return false;
      markDirty(tx, 'tenant', [tenantId]);
      audit(tx, ctx, 'hold.lifted', hold.id, { tenantId, kind });
      publish(tx, { type: 'tenant.hold_lifted', tenantId, data: { tenantId, kind } });
      return true;
    });
  }
}
