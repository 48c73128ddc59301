import { Injectable } from '@nestjs/common';
import { Clock } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, audit, changed, markDirty, publish, sql } from '@trunkline/platform';
import { lockPlan } from './disaster-plan-queries.ts';
import type { DisasterPlan } from './disaster-plan-queries.ts';
import { holdGroups } from './inbound-groups.sql.ts';

const put = sql(
  'disaster-plan-put',
  `INSERT INTO disaster_plan (tenant_id, group_id, active, revision, created_at, updated_at) VALUES ($1, $2, false, $3, $4, $4)
   ON CONFLICT (tenant_id) DO UPDATE SET group_id = excluded.group_id, revision = excluded.revision, updated_at = excluded.updated_at`,
);

/** Says where all calls go in a disaster. Of a plan that is active it counts at once. */
@Injectable()
export class SetDisasterPlan {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError request.invalid at /inbound_group_id */
  execute(ctx: TenantContext, groupId: string): Promise<DisasterPlan> {
    return this.db.tx(ctx, async (tx) => {
      const now = this.clock.now();
      const before = await lockPlan(tx, ctx.tenantId);
      if (before?.groupId === groupId) return before;
      await holdGroups(tx, ctx.tenantId, [groupId], '/inbound_group_id');
      const fresh = { groupId, active: false, activatedAt: null, revision: 1, updatedAt: now };
      const plan = before ? { ...before, groupId, revision: before.revision + 1, updatedAt: now } : fresh;
      await tx.query(put, ctx.tenantId, groupId, plan.revision, now);
      markDirty(tx, 'tenant', [ctx.tenantId]);
      audit(tx, ctx, 'disaster_plan.updated', ctx.tenantId, before ? changed(before, plan, ['groupId']) : { groupId });
      publish(tx, { type: 'disaster_plan.updated', tenantId: ctx.tenantId, data: { inboundGroupId: groupId, revision: plan.revision } });
      return plan;
    });
  }
}
