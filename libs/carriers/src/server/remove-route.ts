import { Injectable } from '@nestjs/common';
import { notFound } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Database, audit, markDirty, sql } from '@trunkline/platform';

const remove = sql<{ id: string }>('carrier-route-delete', `DELETE FROM carrier_route WHERE id = $1 RETURNING id`);

@Injectable()
export class RemoveRoute {
  constructor(private readonly db: Database) {}

  /** @throws AppError resource.not_found */
  execute(ctx: SystemContext, id: string): Promise<void> {
    return this.db.tx(ctx, async (tx) => {
      if ((await tx.query(remove, id)).length === 0) throw notFound();
      markDirty(tx, 'carriers', ['all']);
      audit(tx, ctx, 'carrier_route.removed', id);
    });
  }
}
