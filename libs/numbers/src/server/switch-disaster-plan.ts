import { Injectable } from '@nestjs/common';
import { Clock, notFound } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, audit, expectRevision, markDirty, publish, sql } from '@trunkline/platform';
import { lockPlan } from './disaster-plan-queries.ts';
import type { DisasterPlan } from './disaster-plan-queries.ts';

const update = sql(
  'disaster-plan-switch',
  `UPDATE disaster_plan SET active = $2, activated_at = $3, revision = $4, updated_at = $5 WHERE tenant_id = $1`,
);

/** Sends all inbound calls of a tenant where its disaster plan says, or back: one row here, one entry at each edge, whatever the number of numbers. */
@Injectable()
export class SwitchDisasterPlan {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** What is as it should be stays as it is. @throws AppError resource.not_found while there is no plan */
  execute(ctx: TenantContext, active: boolean): Promise<DisasterPlan> {
    return this.db.tx(ctx, async (tx) => {
      const now = this.clock.now();
      const before = await lockPlan(tx, ctx.tenantId);
      if (!before) throw notFound();
      expectRevision(ctx, before.revision);
      if (before.active === active) return before;
      const plan = { ...before, active, activatedAt: active ? now : null, revision: before.revision + 1, updatedAt: now };
      await tx.query(update, ctx.tenantId, active, plan.activatedAt, plan.revision, now);
      markDirty(tx, 'tenant', [ctx.tenantId]);
      const type = active ? 'disaster_plan.activated' : 'disaster_plan.deactivated';
      audit(tx, ctx, type, ctx.tenantId, { groupId: plan.groupId });
      publish(tx, { type, tenantId: ctx.tenantId, data: { inboundGroupId: plan.groupId, revision: plan.revision } });
      return plan;
    });
  }
}
