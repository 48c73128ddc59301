import { Injectable } from '@nestjs/common';
import type { TenantContext } from '@trunkline/kernel';
import { Database, sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';

/** Where all inbound calls of a tenant go while it is active. */
export type DisasterPlan = {
  readonly groupId: string | null; // null: none was made yet
  readonly active: boolean;
  readonly activatedAt: Date | null;
  readonly revision: number;
  readonly updatedAt: Date | null;
};

const NO_PLAN: DisasterPlan = { groupId: null, active: false, activatedAt: null, revision: 0, updatedAt: null };

export const PLAN_COLUMNS = `group_id AS "groupId", active, activated_at AS "activatedAt", revision, updated_at AS "updatedAt"`;
const SELECT = `SELECT ${PLAN_COLUMNS} FROM disaster_plan WHERE tenant_id = $1`;
const one = sql<DisasterPlan>('disaster-plan-one', SELECT);
const lock = sql<DisasterPlan>('disaster-plan-lock', `${SELECT} FOR UPDATE`);

/** The plan, locked until the transaction ends; undefined when there is none. */
export const lockPlan = async (tx: Tx, tenantId: string): Promise<DisasterPlan | undefined> => (await tx.query(lock, tenantId))[0];

@Injectable()
export class DisasterPlanQueries {
  constructor(private readonly db: Database) {}

  async of(ctx: TenantContext): Promise<DisasterPlan> {
    const [plan] = await this.db.ask(ctx, one, ctx.tenantId);
    return plan ?? NO_PLAN;
  }
}
