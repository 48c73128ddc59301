import { Injectable } from '@nestjs/common';
import { Clock } from '@trunkline/kernel';
import type { AboveContext } from '@trunkline/kernel';
import { Database, audit, changed, expectRevision, markDirty, publish, sql } from '@trunkline/platform';
import type { Allotment } from '../core/allotment.ts';
import { forgetKeys } from './known-keys.ts';
import { TenantQueries } from './tenant-queries.ts';
import type { Tenant } from './tenant-queries.ts';
import { setAllotment, setTenantTags } from './tenants.sql.ts';

type Given<T> = { readonly [K in keyof T]?: T[K] | undefined };
export type TenantChange = Given<{
  name: string;
  channelsMax: number | null;
  requestsPerSecMax: number | null;
  externalReference: string | null;
  tags: readonly string[];
  allotment: Given<Allotment>;
}>;

const lock = sql('tenant-lock', `SELECT FROM tenant WHERE id = $1 FOR UPDATE`);
const update = sql(
  'tenant-update',
  `UPDATE tenant SET name = $2, channels_max = $3, external_reference = $5, revision = revision + 1, updated_at = $4 WHERE id = $1`,
);
// by itself: a reseller's role may not write this column
const limitRequests = sql('tenant-limit-requests', `UPDATE tenant SET requests_per_sec_max = $2 WHERE id = $1`);

@Injectable()
export class UpdateTenant {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly tenants: TenantQueries,
  ) {}

  /** @throws AppError resource.not_found */
  execute(ctx: AboveContext, id: string, change: TenantChange): Promise<Tenant> {
    return this.db.tx(ctx, async (tx) => {
      await tx.query(lock, id); // two changes of different fields must not undo each other
      const before = await this.tenants.byId(ctx, id);
      expectRevision(ctx, before.revision);
      const allotment = merged(before.allotment, change.allotment ?? {});
      const after = { ...before, ...change, allotment };
      await tx.query(update, id, after.name, after.channelsMax, this.clock.now(), after.externalReference ?? null);
      if (change.requestsPerSecMax !== undefined) {
        await tx.query(limitRequests, id, change.requestsPerSecMax);
        forgetKeys(tx); // it is read with them
      }
      if (change.tags) await setTenantTags(tx, id, change.tags);
      if (change.allotment) await setAllotment(tx, id, allotment);
      markDirty(tx, 'tenant', [id]);
      audit(tx, ctx, 'tenant.updated', id, changed(before, after, Object.keys(change)));
      publish(tx, { type: 'tenant.updated', tenantId: id, data: { tenantId: id, name: after.name, channelsMax: after.channelsMax } });
      return this.tenants.byId(ctx, id);
    });
  }
}

const merged = (before: Allotment, change: Given<Allotment>): Allotment => ({
  ...before,
  ...Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)),
});
