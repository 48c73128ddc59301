import { Injectable } from '@nestjs/common';
import { AppError, Clock, invalidField, newId } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Database, audit, isForeignKeyViolation, isUniqueViolation, markDirty, sql } from '@trunkline/platform';
import { carrierErrors } from '../core/errors.ts';
import type { CarrierRoute, RouteMatch } from '../core/gateway.ts';

export type NewRoute = RouteMatch & { readonly gatewayId: string; readonly priority: number; readonly weight: number };

const insert = sql(
  'carrier-route-insert',
  `INSERT INTO carrier_route (id, kind, prefix, country, gateway_id, priority, created_at, weight) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
);

@Injectable()
export class AddRoute {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError request.invalid (no such gateway), carrier_route.exists */
  execute(ctx: SystemContext, input: NewRoute): Promise<CarrierRoute> {
    return this.db.tx(ctx, async (tx) => {
      const route: CarrierRoute = { ...input, id: newId(), createdAt: this.clock.now() };
      await tx
        .query(insert, route.id, route.kind, route.prefix, route.country, route.gatewayId, route.priority, route.createdAt, route.weight)
        .catch(refused);
      markDirty(tx, 'carriers', ['all']);
      audit(tx, ctx, 'carrier_route.added', route.id, input);
      return route;
    });
  }
}

const refused = (error: unknown): never => {
  if (isForeignKeyViolation(error, 'carrier_route_gateway_id_fkey')) throw invalidField('/gateway_id', 'unknown', 'No such gateway');
  for (const [index, pointer] of [
    ['carrier_route_pstn_key', '/prefix'],
    ['carrier_route_emergency_key', '/country'],
  ] as const) {
    if (!isUniqueViolation(error, index)) continue;
    const { title } = carrierErrors.routeExists;
    throw new AppError(carrierErrors.routeExists, undefined, { errors: [{ pointer, code: 'taken', detail: title }] });
  }
  throw error;
};
