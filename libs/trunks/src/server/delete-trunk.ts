import { Injectable } from '@nestjs/common';
import { AppError, Clock } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, audit, expectRevision, markDirty, publish, sql } from '@trunkline/platform';
import { closeRecurring } from '@trunkline/rating/server';
import { claimAllotment } from '@trunkline/tenancy/server';
import { trunkErrors } from '../core/errors.ts';
import { lockLists, releaseLists } from './attach-lists.ts';
import { releaseAddresses } from './claim-addresses.ts';
import { leaveGroup } from './own-channels.ts';
import { removeRegistrarOf } from './registrar.sql.ts';
import { lockTrunk } from './trunks.sql.ts';

// the reference from numbers to trunks is the schema's; a trunk that was only marked deleted would not trip its foreign key
const used = sql<{ id: string }>(
  'trunk-used',
  `SELECT id FROM number_assignment WHERE tenant_id = $1 AND trunk_id = $2 AND released_at IS NULL LIMIT 1`,
);
const remove = sql('trunk-delete', `UPDATE trunk SET deleted_at = $3, revision = revision + 1 WHERE tenant_id = $1 AND id = $2`);
const revoke = sql(
  'trunk-credentials-revoke',
  `UPDATE trunk_credential SET revoked_at = coalesce(revoked_at, $3), old_ha1_md5_sealed = NULL, old_valid_until = NULL WHERE tenant_id = $1 AND trunk_id = $2`,
);

/** Closes a trunk with its credentials and gives its addresses back. Calls that run finish; its history stays. */
@Injectable()
export class DeleteTrunk {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError resource.not_found, trunk.in_use */
  execute(ctx: TenantContext, id: string): Promise<void> {
    return this.db.tx(ctx, async (tx) => {
      await lockLists(tx, ctx.tenantId);
      const { channelsMax, revision } = await lockTrunk(tx, ctx.tenantId, id);
      expectRevision(ctx, revision);
      if ((await tx.query(used, ctx.tenantId, id)).length > 0) throw new AppError(trunkErrors.inUse);
      const now = this.clock.now();
      const owned = !(await leaveGroup(tx, ctx.tenantId, id));
      await claimAllotment(tx, ctx, { channels: owned ? -channelsMax : 0 }, now);
      await tx.query(remove, ctx.tenantId, id, now);
      await tx.query(revoke, ctx.tenantId, id, now);
      await removeRegistrarOf(tx, ctx.tenantId, id);
      await releaseLists(tx, ctx.tenantId, id, now);
      await releaseAddresses(tx, ctx.tenantId, id, now);
      await closeRecurring(tx, ctx.tenantId, id, now);
      markDirty(tx, 'trunk', [id]);
      audit(tx, ctx, 'trunk.deleted', id);
      publish(tx, { type: 'trunk.deleted', tenantId: ctx.tenantId, data: { trunkId: id } });
    });
  }
}
