import { Injectable } from '@nestjs/common';
import { Clock } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, audit, changed, expectRevision, markDirty, publish, sql } from '@trunkline/platform';
import { PLAN_COLUMNS, lockPlan } from './disaster-plan-queries.ts';
import type { DisasterPlan } from './disaster-plan-queries.ts';
import { holdGroups } from './inbound-groups.sql.ts';

// counted here: of two that make the first plan, the second finds no row to lock, and then the first one's
const put = sql<DisasterPlan>(
  'disaster-plan-put',
  `INSERT INTO disaster_plan (tenant_id, group_id, active, revision, created_at, updated_at) VALUES ($1, $2, false, 1, $3, $3)
   ON CONFLICT (tenant_id) DO UPDATE SET group_id = excluded.group_id, revision = disaster_plan.revision + 1, updated_at = excluded.updated_at RETURNING ${PLAN_COLUMNS}`,
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
      const before = await lockPlan(tx, ctx.tenantId);
      expectRevision(ctx, before?.revision ?? 0);
      if (before?.groupId === groupId) return before;
      await holdGroups(tx, ctx.tenantId, [groupId], '/inbound_group_id');
      const [plan] = await tx.query(put, ctx.tenantId, groupId, this.clock.now());
      if (!plan) throw new Error('a plan that was just written is not there');
      expectRevision(ctx, plan.revision - 1); // again: of two that make the first plan, the second had no row to lock
      markDirty(tx, 'tenant', [ctx.tenantId]);
      audit(tx, ctx, 'disaster_plan.updated', ctx.tenantId, before ? changed(before, plan, ['groupId']) : { groupId });
      publish(tx, { type: 'disaster_plan.updated', tenantId: ctx.tenantId, data: { inboundGroupId: groupId, revision: plan.revision } });
      return plan;
    });
  }
}
