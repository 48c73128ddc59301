import { Injectable } from '@nestjs/common';
import { Clock } from '@trunkline/kernel';
import type { AboveContext } from '@trunkline/kernel';
import { Database, audit, markDirty, publish, sql } from '@trunkline/platform';
import type { PlacedHoldKind } from '../core/hold.ts';
import { followBelow, lockTree, tellBelow } from './holds.sql.ts';

const lift = sql<{ id: string }>(
  'hold-lift',
  `UPDATE hold SET lifted_at = $3 WHERE tenant_id = $1 AND kind = $2 AND lifted_at IS NULL RETURNING id`,
);

/**
 * Lifts the active hold of one kind; the others stay. The tenants below may do again what no other hold stops. Lifting a hold that is not there, or that a
 * tenant further up has placed, changes nothing.
 */
@Injectable()
export class LiftHold {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @returns whether there was one @throws AppError resource.not_found */
  execute(ctx: AboveContext, tenantId: string, kind: PlacedHoldKind): Promise<boolean> {
    return this.db.tx(ctx, async (tx) => {
      const now = this.clock.now();
      await lockTree(tx, ctx, tenantId);
      const [hold] = await tx.query(lift, tenantId, kind, now);
      if (!hold) return false;
      const below = await followBelow(tx, tenantId, now);
      markDirty(tx, 'tenant', [tenantId, ...below.map(({ id }) => id)]);
      audit(tx, ctx, 'hold.lifted', hold.id, { tenantId, kind, tenantsBelow: below.length });
      publish(tx, { type: 'tenant.hold_lifted', tenantId, data: { tenantId, kind } });
      tellBelow(tx, below);
      return true;
    });
  }
}
