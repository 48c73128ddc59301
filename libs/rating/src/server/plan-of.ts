import { AppError, defineErrors } from '@trunkline/kernel';
import { sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';

export const planErrors = defineErrors({
  noneAssigned: { code: 'plan.none_assigned', kind: 'conflict', title: 'The tenant has no plan yet, so nothing can be priced' },
});

/** The prices a tenant has at an instant. */
export type AssignedPlan = {
  readonly id: string;
  readonly currency: string;
  readonly channelMonthlyNanos: bigint;
  readonly channelSetupNanos: bigint;
  readonly numberMonthlyNanos: bigint;
  readonly numberSetupNanos: bigint;
};

const find = sql<AssignedPlan>(
  'plan-of',
  `SELECT p.id, p.currency, p.channel_monthly_nanos AS "channelMonthlyNanos", p.channel_setup_nanos AS "channelSetupNanos",
          p.number_monthly_nanos AS "numberMonthlyNanos", p.number_setup_nanos AS "numberSetupNanos"
   FROM plan_assignment a JOIN plan p ON p.id = a.plan_id WHERE a.tenant_id = $1 AND a."from" <= $2 ORDER BY a."from" DESC LIMIT 1`,
);

/** @throws AppError plan.none_assigned */
export const planOf = async (tx: Tx, tenantId: string, at: Date): Promise<AssignedPlan> => {
  const [plan] = await tx.query(find, tenantId, at);
  if (!plan) throw new AppError(planErrors.noneAssigned);
  return plan;
};
