import { Injectable } from '@nestjs/common';
import { Clock } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import type { TenantNumber } from '../core/number.ts';
import { readNumber } from './numbers.sql.ts';

/** What takes a number's calls instead of its trunk's routes. */
export type RoutingSettings = {
  readonly groupId: string | null;
  readonly scheduleId: string | null; //      names a group by the time of day, before the one above
  readonly disasterGroupId: string | null; // while the disaster plan is active, instead of the plan's
};
export type NumberRouting = Pick<TenantNumber, 'id' | 'e164' | 'revision'> & RoutingSettings;

export const NO_ROUTING: RoutingSettings = { groupId: null, scheduleId: null, disasterGroupId: null };

const find = sql<RoutingSettings>(
  'number-routing-one',
  `SELECT group_id AS "groupId", schedule_id AS "scheduleId", disaster_group_id AS "disasterGroupId" FROM number_routing WHERE tenant_id = $1 AND number_id = $2`,
);

export const readRouting = async (tx: Tx, tenantId: string, numberId: string): Promise<RoutingSettings> =>
  (await tx.query(find, tenantId, numberId))[0] ?? NO_ROUTING;

const clear = sql('number-routing-clear', `DELETE FROM number_routing WHERE tenant_id = $1 AND number_id = $2`);
/** Its trunk's routes take its calls again. */
export const clearRouting = (tx: Tx, tenantId: string, numberId: string): Promise<unknown> => tx.query(clear, tenantId, numberId);

@Injectable()
export class NumberRoutingQueries {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError resource.not_found */
  ofNumber(ctx: TenantContext, id: string): Promise<NumberRouting> {
    return this.db.read(ctx, async (tx) => {
      const number = await readNumber(tx, ctx.tenantId, id, this.clock.now());
      return { ...number, ...(await readRouting(tx, ctx.tenantId, id)) };
    });
  }
}
