import { Injectable } from '@nestjs/common';
import { Clock, invalidField, notFound } from '@trunkline/kernel';
import type { AboveContext } from '@trunkline/kernel';
import { Database, audit, sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';

/** A plan that a tenant may assign to tenants below it. */
export type ResalePlan = { readonly tenantId: string; readonly planId: string; readonly createdAt: Date };

const tenantFound = sql<{ currency: string }>('resale-tenant', `SELECT currency FROM tenant WHERE id = $1`);
// a reseller hands on what it may use itself
const planFound = sql<{ currency: string }>(
  'resale-plan-found',
  `SELECT currency FROM plan p WHERE id = $1 AND ($2::uuid IS NULL OR EXISTS (SELECT FROM resale_plan r WHERE r.tenant_id = $2 AND r.plan_id = p.id))`,
);
const insert = sql<ResalePlan>(
  'resale-plan-insert',
  `INSERT INTO resale_plan (tenant_id, plan_id, created_at) VALUES ($1, $2, $3) ON CONFLICT (tenant_id, plan_id) DO NOTHING
   RETURNING tenant_id AS "tenantId", plan_id AS "planId", created_at AS "createdAt"`,
);
const one = sql<ResalePlan>(
  'resale-plan-one',
  `SELECT tenant_id AS "tenantId", plan_id AS "planId", created_at AS "createdAt" FROM resale_plan WHERE tenant_id = $1 AND plan_id = $2`,
);
const remove = sql<{ tenantId: string }>(
  'resale-plan-delete',
  `DELETE FROM resale_plan WHERE plan_id = $2 AND tenant_id IN (SELECT id FROM tenant_node WHERE $1 = ANY (path)) RETURNING tenant_id AS "tenantId"`,
);

/** The plan, when whoever asks may use it; else the one answer for what is not there. @throws AppError request.invalid at /plan_id */
export const usablePlan = async (tx: Tx, ctx: AboveContext, planId: string): Promise<{ readonly currency: string }> => {
  const [plan] = await tx.query(planFound, planId, ctx.kind === 'subtree' ? ctx.tenantId : null);
  if (!plan) throw invalidField('/plan_id', 'unknown', 'No such plan');
  return plan;
};

/** Lets a reseller assign a plan to tenants below it. Allowing it again changes nothing. */
@Injectable()
export class AllowResale {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError request.invalid */
  execute(ctx: AboveContext, tenantId: string, planId: string): Promise<ResalePlan> {
    return this.db.tx(ctx, async (tx) => {
      const [tenant] = ctx.kind === 'subtree' && ctx.tenantId === tenantId ? [] : await tx.query(tenantFound, tenantId);
      if (!tenant) throw invalidField('/tenant_id', 'unknown', 'No such tenant');
      await usablePlan(tx, ctx, planId);
      const [allowed] = await tx.query(insert, tenantId, planId, this.clock.now());
      if (allowed) audit(tx, ctx, 'resale_plan.allowed', planId, { tenantId, planId });
      const [plan] = allowed ? [allowed] : await tx.query(one, tenantId, planId);
      if (!plan) throw notFound(); // taken back at this very moment
      return plan;
    });
  }

  /** Takes the plan back, from resellers further down too. Who has it keeps it. @throws AppError resource.not_found */
  revoke(ctx: AboveContext, tenantId: string, planId: string): Promise<void> {
    return this.db.tx(ctx, async (tx) => {
      const own = ctx.kind === 'subtree' && ctx.tenantId === tenantId;
      const removed = own ? [] : await tx.query(remove, tenantId, planId);
      if (!removed.some((row) => row.tenantId === tenantId)) throw notFound();
      audit(tx, ctx, 'resale_plan.revoked', planId, { tenantId, planId });
    });
  }
}
