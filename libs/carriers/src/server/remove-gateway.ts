import { Injectable } from '@nestjs/common';
import { AppError, notFound } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Database, audit, isForeignKeyViolation, markDirty, sql } from '@trunkline/platform';
import { carrierErrors } from '../core/errors.ts';

const remove = sql<{ id: string }>('gateway-delete', `DELETE FROM carrier_gateway WHERE carrier_id = $1 AND id = $2 RETURNING id`);

@Injectable()
export class RemoveGateway {
  constructor(private readonly db: Database) {}

  /** @throws AppError resource.not_found, gateway.in_use */
  execute(ctx: SystemContext, carrierId: string, id: string): Promise<void> {
    return this.db.tx(ctx, async (tx) => {
      const rows = await tx.query(remove, carrierId, id).catch(inUse);
      if (rows.length === 0) throw notFound();
      markDirty(tx, 'carriers', ['all']);
      audit(tx, ctx, 'gateway.removed', id, { carrierId });
    });
  }
}

const inUse = (error: unknown): never => {
  throw isForeignKeyViolation(error, 'carrier_route_gateway_id_fkey') ? new AppError(carrierErrors.gatewayInUse) : error;
};
