import { Injectable } from '@nestjs/common';
import { Clock, newId } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Database, audit, markDirty, publish, sql } from '@trunkline/platform';
import type { HoldKind } from '../core/hold.ts';

const insert = sql<{ id: string }>(
  'hold-insert',
  `INSERT INTO hold (tenant_id, id, kind, reason, placed_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (tenant_id, kind) WHERE lifted_at IS NULL DO NOTHING RETURNING id`,
);

/** Stops a tenant's calls (emergency calls pass). Placing a hold that is there already changes nothing. */
@Injectable()
export class PlaceHold {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @returns whether it was placed now */
  execute(ctx: SystemContext, tenantId: string, kind: HoldKind, reason: string): Promise<boolean> {
    return this.db.tx(ctx, async (tx) => {
      const [hold] = await tx.query(insert, tenantId, newId(), kind, reason, this.clock.now());
      if (!hold) return false;
      markDirty(tx, 'tenant', [tenantId]);
      audit(tx, ctx, 'hold.placed', hold.id, { tenantId, kind, reason });
      publish(tx, { type: 'tenant.held', tenantId, data: { tenantId, kind, reason } });
      return true;
    });
  }
}
