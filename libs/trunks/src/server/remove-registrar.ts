import { Injectable } from '@nestjs/common';
import { notFound } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, audit, markDirty, publish } from '@trunkline/platform';
import { removeRegistrarOf } from './registrar.sql.ts';
import { lockTrunk } from './trunks.sql.ts';

/** Has a trunk's edge take its registration back. */
@Injectable()
export class RemoveRegistrar {
  constructor(private readonly db: Database) {}

  /** @throws AppError resource.not_found */
  execute(ctx: TenantContext, trunkId: string): Promise<void> {
    return this.db.tx(ctx, async (tx) => {
      await lockTrunk(tx, ctx.tenantId, trunkId);
      if (!(await removeRegistrarOf(tx, ctx.tenantId, trunkId))) throw notFound();
      markDirty(tx, 'trunk', [trunkId]);
      audit(tx, ctx, 'registrar.removed', trunkId);
      publish(tx, { type: 'registrar.removed', tenantId: ctx.tenantId, data: { trunkId } });
    });
  }
}
