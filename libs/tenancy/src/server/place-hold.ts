import { Injectable } from '@nestjs/common';
import { Clock, newId } from '@trunkline/kernel';
import type { AboveContext } from '@trunkline/kernel';
import { Database, audit, changed, markDirty, publish, sql } from '@trunkline/platform';
import type { HoldStops, PlacedHoldKind } from '../core/hold.ts';
import { followBelow, lockTree, tellBelow } from './holds.sql.ts';

const insert = sql<{ id: string }>(
  'hold-insert',
  `INSERT INTO hold (tenant_id, id, kind, reason, placed_at, placed_by, stops) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (tenant_id, kind) WHERE lifted_at IS NULL DO NOTHING RETURNING id`,
);
const change = sql<{ id: string; stops: HoldStops; reason: string }>(
  'hold-change',
  `WITH was AS (SELECT id, stops, reason FROM hold WHERE tenant_id = $1 AND kind = $2 AND lifted_at IS NULL AND stops <> $3 FOR UPDATE)
   UPDATE hold h SET stops = $3, reason = $4 FROM was WHERE h.tenant_id = $1 AND h.id = was.id RETURNING was.*`,
);

/**
 * Stops the calls of a tenant and of all below it, or only those that they place; emergency calls pass. Placing a hold that is there already changes what
 * it stops, if anything.
 */
@Injectable()
export class PlaceHold {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @returns whether anything was changed @throws AppError resource.not_found */
  execute(ctx: AboveContext, tenantId: string, kind: PlacedHoldKind, reason: string, stops: HoldStops): Promise<boolean> {
    return this.db.tx(ctx, async (tx) => {
      const now = this.clock.now();
      await lockTree(tx, ctx, tenantId);
      const placedBy = ctx.kind === 'subtree' ? ctx.tenantId : null;
      const [placed] = await tx.query(insert, tenantId, newId(), kind, reason, now, placedBy, stops);
      const [was] = placed ? [] : await tx.query(change, tenantId, kind, stops, reason);
      if (!placed && !was) return false;
      const below = await followBelow(tx, tenantId, now);
      markDirty(tx, 'tenant', [tenantId, ...below.map(({ id }) => id)]);
      const reach = { tenantId, kind, tenantsBelow: below.length };
      if (placed) audit(tx, ctx, 'hold.placed', placed.id, { ...reach, reason, stops });
      if (was)
        audit(tx, ctx, 'hold.changed', was.id, { ...reach, ...changed({ stops: was.stops, reason: was.reason }, { stops, reason }) });
      publish(tx, { type: 'tenant.held', tenantId, data: { tenantId, kind, reason, stops } });
      tellBelow(tx, below);
      return true;
    });
  }
}
