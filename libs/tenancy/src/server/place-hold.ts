import { Injectable } from '@nestjs/common';
import { Clock, newId } from '@trunkline/kernel';
import type { AboveContext } from '@trunkline/kernel';
import { Database, audit, markDirty, publish, sql } from '@trunkline/platform';
import type { PlacedHoldKind } from '../core/hold.ts';
import { PARENT_REASON, holdBelow, lockTree } from './holds.sql.ts';

const insert = sql<{ id: string }>(
  'hold-insert',
  `INSERT INTO hold (tenant_id, id, kind, reason, placed_at, placed_by) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (tenant_id, kind) WHERE lifted_at IS NULL DO NOTHING RETURNING id`,
);

/** Stops the calls of a tenant and of all below it (emergency calls pass). Placing a hold that is there already changes nothing. */
@Injectable()
export class PlaceHold {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @returns whether it was placed now @throws AppError resource.not_found */
  execute(ctx: AboveContext, tenantId: string, kind: PlacedHoldKind, reason: string): Promise<boolean> {
    return this.db.tx(ctx, async (tx) => {
      const now = this.clock.now();
      await lockTree(tx, ctx, tenantId);
      const [hold] = await tx.query(insert, tenantId, newId(), kind, reason, now, ctx.kind === 'subtree' ? ctx.tenantId : null);
      if (!hold) return false;
      const below = await holdBelow(tx, tenantId, now);
      markDirty(tx, 'tenant', [tenantId, ...below]);
      audit(tx, ctx, 'hold.placed', hold.id, { tenantId, kind, reason, tenantsBelow: below.length });
      publish(tx, { type: 'tenant.held', tenantId, data: { tenantId, kind, reason } });
      for (const id of below)
        publish(tx, { type: 'tenant.held', tenantId: id, data: { tenantId: id, kind: 'parent', reason: PARENT_REASON } });
      return true;
    });
  }
}
