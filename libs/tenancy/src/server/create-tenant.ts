import { Injectable } from '@nestjs/common';
import { AppError, Clock, newId } from '@trunkline/kernel';
import type { AboveContext } from '@trunkline/kernel';
import { Database, audit, isCheckViolation, markDirty, publish, sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import type { Allotment } from '../core/allotment.ts';
import { tenancyErrors } from '../core/errors.ts';
import { allotmentUsedUp } from './claim-allotment.ts';
import { holdAll, lockTreeOf, stopsOf } from './holds.sql.ts';
import { TenantQueries } from './tenant-queries.ts';
import type { Tenant } from './tenant-queries.ts';
import { setAllotment, setTenantTags } from './tenants.sql.ts';

export type NewTenant = {
  readonly name: string;
  readonly country: string;
  readonly currency: string;
  readonly channelsMax: number | null;
  /** Null: below the tenant that asks, or below nobody when the operator does. */
  readonly parentId: string | null;
  readonly externalReference: string | null;
  readonly tags?: readonly string[] | undefined;
  /** Absent: as many channels and numbers as those above it have left, and no tenants. */
  readonly allotment?: Allotment | undefined;
};

// its node, and the count of tenants of all above it, come with it by a trigger
const insert = sql(
  'tenant-insert',
  `INSERT INTO tenant (id, parent_id, name, country, currency, channels_max, external_reference, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)`,
);
const parent = sql<{ id: string }>('tenant-parent', `SELECT id FROM tenant WHERE id = $1`);

/** Opens a tenant, anywhere for the operator, in its own subtree for a reseller. Below a tenant that is held it is held from the start. */
@Injectable()
export class CreateTenant {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly tenants: TenantQueries,
  ) {}

  /** @throws AppError tenant.parent_unknown, tenant.allotment_used_up, tenant.too_deep */
  execute(ctx: AboveContext, { allotment, ...input }: NewTenant): Promise<Tenant> {
    return this.db.tx(ctx, async (tx) => {
      const now = this.clock.now();
      const id = newId();
      const parentId = input.parentId ?? (ctx.kind === 'subtree' ? ctx.tenantId : null);
      if (parentId !== null && (await tx.query(parent, parentId)).length === 0) throw parentUnknown();
      const { name, country, currency, channelsMax, externalReference } = input;
      await tx
        .query(insert, id, parentId, name, country, currency, channelsMax, externalReference, now)
        .catch((e: unknown) => refused(e, ctx));
      if (allotment) await setAllotment(tx, id, allotment);
      if (input.tags?.length) await setTenantTags(tx, id, input.tags);
      if (parentId !== null) await holdWithParent(tx, id, parentId, now);
      markDirty(tx, 'tenant', [id]);
      audit(tx, ctx, 'tenant.created', id, { ...input, parentId, ...(allotment && { allotment }) });
      publish(tx, { type: 'tenant.created', tenantId: id, data: { tenantId: id } });
      return this.tenants.byId(ctx, id);
    });
  }
}

const holdWithParent = async (tx: Tx, id: string, parentId: string, now: Date): Promise<void> => {
  await lockTreeOf(tx, parentId); // a hold is placed before, and seen, or afterwards, and sees the new tenant
  const stops = await stopsOf(tx, parentId);
  if (stops !== null) await holdAll(tx, [{ id, stops }], now);
};

const parentUnknown = (): AppError =>
  new AppError(tenancyErrors.parentUnknown, undefined, { errors: [{ pointer: '/parent_id', code: 'unknown', detail: 'No such tenant' }] });

const refused = (error: unknown, ctx: AboveContext): never => {
  if (!isCheckViolation(error, 'tenant_node_depth')) return allotmentUsedUp(error, ctx);
  const { title } = tenancyErrors.tooDeep;
  throw new AppError(tenancyErrors.tooDeep, undefined, { errors: [{ pointer: '/parent_id', code: 'too_deep', detail: title }] });
};
