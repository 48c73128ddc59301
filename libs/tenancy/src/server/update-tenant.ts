import { Injectable } from '@nestjs/common';
import { Clock, notFound } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Database, audit, markDirty, sql } from '@trunkline/platform';
import { TenantQueries } from './tenant-queries.ts';
import type { Tenant } from './tenant-queries.ts';

export type TenantChange = { readonly name?: string | undefined; readonly channelsMax?: number | null | undefined };

const update = sql<{ id: string }>(
  'tenant-update',
  `UPDATE tenant SET name = $2, channels_max = $3, revision = revision + 1, updated_at = $4 WHERE id = $1 RETURNING id`,
);

@Injectable()
export class UpdateTenant {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly tenants: TenantQueries,
  ) {}

  execute(ctx: SystemContext, id: string, change: TenantChange): Promise<Tenant> {
    return this.db.tx(ctx, async (tx) => {
      const before = await this.tenants.byId(ctx, id);
      const name = change.name ?? before.name;
      const channelsMax = change.channelsMax === undefined ? before.channelsMax : change.channelsMax;
      const rows = await tx.query(update, id, name, channelsMax, this.clock.now());
      if (rows.length === 0) throw notFound();
      await markDirty(tx, 'tenant', [id]);
      await audit(tx, ctx, 'tenant.updated', id, change);
      return this.tenants.byId(ctx, id);
    });
  }
}
