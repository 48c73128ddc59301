import { Injectable } from '@nestjs/common';
import { notFound } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';

/** Where all inbound calls of a tenant go while it is active. */
export type DisasterPlan = {
  readonly groupId: string;
  readonly active: boolean;
  readonly activatedAt: Date | null;
  readonly revision: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

const SELECT = `SELECT group_id AS "groupId", active, activated_at AS "activatedAt", revision, created_at AS "createdAt", updated_at AS "updatedAt"
  FROM disaster_plan WHERE tenant_id = $1`;
const one = sql<DisasterPlan>('disaster-plan-one', SELECT);
const lock = sql<DisasterPlan>('disaster-plan-lock', `${SELECT} FOR UPDATE`);

/** The plan, locked until the transaction ends; undefined when there is none. */
export const lockPlan = async (tx: Tx, tenantId: string): Promise<DisasterPlan | undefined> => (await tx.query(lock, tenantId))[0];

@Injectable()
export class DisasterPlanQueries {
  constructor(private readonly db: Database) {}

  /** @throws AppError resource.not_found while none was made */
  of(ctx: TenantContext): Promise<DisasterPlan> {
    return this.db.read(ctx, async (tx) => {
      const [plan] = await tx.query(one, ctx.tenantId);
      if (!plan) throw notFound();
      return plan;
    });
  }
}
