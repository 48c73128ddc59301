import { Injectable } from '@nestjs/common';
import { AppError, Clock, newId } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Database, audit, markDirty, publish, sql } from '@trunkline/platform';
import { tenancyErrors } from '../core/errors.ts';
import type { Tenant } from './tenant-queries.ts';

export type NewTenant = {
  readonly name: string;
  readonly country: string;
  readonly currency: string;
  readonly channelsMax: number | null;
  readonly parentId: string | null;
  readonly externalReference: string | null;
};

const insert = sql(
  'tenant-insert',
  `INSERT INTO tenant (id, parent_id, name, country, currency, channels_max, external_reference, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)`,
);
const parent = sql<{ id: string }>('tenant-parent', `SELECT id FROM tenant WHERE id = $1`);

@Injectable()
export class CreateTenant {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  execute(ctx: SystemContext, input: NewTenant): Promise<Tenant> {
    return this.db.tx(ctx, async (tx) => {
      const pointer = '/parent_id';
      if (input.parentId && (await tx.query(parent, input.parentId)).length === 0)
        throw new AppError(tenancyErrors.parentUnknown, undefined, { errors: [{ pointer, code: 'unknown', detail: 'No such tenant' }] });
      const now = this.clock.now();
      const tenant: Tenant = { id: newId(), ...input, homeEdgeId: null, revision: 1, createdAt: now, updatedAt: now, holds: [] };
      await tx.query(
        insert,
        tenant.id,
        input.parentId,
        input.name,
        input.country,
        input.currency,
        input.channelsMax,
        input.externalReference,
        now,
      );
      markDirty(tx, 'tenant', [tenant.id]);
      audit(tx, ctx, 'tenant.created', tenant.id, input);
      publish(tx, { type: 'tenant.created', tenantId: tenant.id, data: { tenantId: tenant.id } });
      return tenant;
    });
  }
}
