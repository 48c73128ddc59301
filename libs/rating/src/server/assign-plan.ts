import { Injectable } from '@nestjs/common';
import { AppError, Clock, invalidField, newId } from '@trunkline/kernel';
import type { AboveContext } from '@trunkline/kernel';
import { Database, audit, isUniqueViolation, publish, sql } from '@trunkline/platform';
import { isPast } from '../core/effective-date.ts';
import { ratingErrors } from '../core/errors.ts';
import { usablePlan } from './allow-resale.ts';

/** A tenant's plan from an instant on, until its next assignment begins. */
export type PlanAssignment = {
  readonly id: string;
  readonly tenantId: string;
  readonly planId: string;
  readonly from: Date;
  readonly createdAt: Date;
};
export type NewPlanAssignment = { readonly tenantId: string; readonly planId: string; readonly from?: Date | undefined };

// a reseller's own role may lock, and so assign to, only those below it; the lock makes "is it the first?" and the insert one step
const lockTenant = sql<{ currency: string }>('plan-assignment-tenant', `SELECT currency FROM tenant WHERE id = $1 FOR UPDATE`);
const any = sql<{ id: string }>('plan-assignment-any', `SELECT id FROM plan_assignment WHERE tenant_id = $1 LIMIT 1`);
const insert = sql(
  'plan-assignment-insert',
  `INSERT INTO plan_assignment (tenant_id, id, plan_id, "from", created_at) VALUES ($1, $2, $3, $4, $5)`,
);

/** Gives a tenant its prices, a reseller out of the plans it may use: for calls answered, and for channels and numbers ordered or resized, from an instant on. What is held keeps its price. */
@Injectable()
export class AssignPlan {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * @param input `from`: now when absent. The past is refused, but for a tenant's first plan, before which nothing could be ordered.
   * @throws AppError request.invalid, rating.already_assigned
   */
  execute(ctx: AboveContext, input: NewPlanAssignment): Promise<PlanAssignment> {
    return this.db.tx(ctx, async (tx) => {
      const now = this.clock.now();
      const { tenantId, planId, from = now } = input;
      const [tenant] = await tx.query(lockTenant, tenantId);
      if (!tenant) throw invalidField('/tenant_id', 'unknown', 'No such tenant');
      const plan = await usablePlan(tx, ctx, planId);
      if (plan.currency !== tenant.currency)
        throw invalidField('/plan_id', 'currency', `The plan is in ${plan.currency}, the tenant in ${tenant.currency}`);
      if (isPast(from, now) && (await tx.query(any, tenantId)).length > 0)
        throw invalidField('/from', 'past', 'Prices cannot change in the past');
      const assignment = { id: newId(), tenantId, planId, from, createdAt: now };
      await tx.query(insert, tenantId, assignment.id, planId, from, now).catch(alreadyAssigned);
      audit(tx, ctx, 'plan_assignment.created', assignment.id, { tenantId, planId, from });
      publish(tx, { type: 'plan.assigned', tenantId, data: { planId, from } });
      return assignment;
    });
  }
}

const alreadyAssigned = (error: unknown): never => {
  if (!isUniqueViolation(error, 'plan_assignment_tenant_id_from_key')) throw error;
  throw new AppError(ratingErrors.alreadyAssigned, undefined, {
    errors: [{ pointer: '/from', code: 'taken', detail: ratingErrors.alreadyAssigned.title }],
  });
};
