import { Injectable } from '@nestjs/common';
import { Clock, newId } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, audit, changed, expectRevision, publish, sql } from '@trunkline/platform';
import { trunkErrors } from '../core/errors.ts';
import { lockLists } from './attach-lists.ts';
import { nameTaken, refuseUsed } from './change-ip-list.ts';
import { credentialListRows, writeCredentialList } from './lists.sql.ts';
import type { CredentialList } from './lists.sql.ts';

const revoke = sql(
  'credential-list-revoke',
  `UPDATE trunk_credential SET revoked_at = coalesce(revoked_at, $3), old_ha1_md5_sealed = NULL, old_valid_until = NULL
   WHERE tenant_id = $1 AND credential_list_id = $2`,
);

/** Everything that is done to credential lists; their digest users are made, rotated and revoked as a trunk's own. */
@Injectable()
export class ChangeCredentialList {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError list.name_taken */
  create(ctx: TenantContext, name: string): Promise<CredentialList> {
    return this.db.tx(ctx, async (tx) => {
      const now = this.clock.now();
      const list = { id: newId(), name, trunkIds: [], revision: 1, createdAt: now, updatedAt: now };
      await writeCredentialList(tx, ctx.tenantId, list).catch(nameTaken);
      audit(tx, ctx, 'credential_list.created', list.id, { name });
      publish(tx, { type: 'credential_list.created', tenantId: ctx.tenantId, data: { credentialListId: list.id } });
      return list;
    });
  }

  /** @throws AppError resource.not_found, list.name_taken */
  rename(ctx: TenantContext, id: string, name: string | undefined): Promise<CredentialList> {
    return this.db.tx(ctx, async (tx) => {
      const before = await credentialListRows.lock(tx, ctx.tenantId, id);
      expectRevision(ctx, before.revision);
      if (name === undefined || name === before.name) return before;
      const list = { ...before, name, revision: before.revision + 1, updatedAt: this.clock.now() };
      await writeCredentialList(tx, ctx.tenantId, list).catch(nameTaken);
      audit(tx, ctx, 'credential_list.updated', id, changed(before, list, ['name']));
      publish(tx, { type: 'credential_list.updated', tenantId: ctx.tenantId, data: { credentialListId: id, revision: list.revision } });
      return list;
    });
  }

  /** With its digest users, which no trunk can use any more. @throws AppError resource.not_found, credential_list.in_use */
  delete(ctx: TenantContext, id: string): Promise<void> {
    return this.db.tx(ctx, async (tx) => {
      await lockLists(tx, ctx.tenantId);
      const { revision } = await credentialListRows.lock(tx, ctx.tenantId, id);
      expectRevision(ctx, revision);
      refuseUsed(trunkErrors.credentialListInUse, await credentialListRows.users(tx, ctx.tenantId, id));
      const now = this.clock.now();
      await credentialListRows.remove(tx, ctx.tenantId, id, now);
      await tx.query(revoke, ctx.tenantId, id, now);
      audit(tx, ctx, 'credential_list.deleted', id);
      publish(tx, { type: 'credential_list.deleted', tenantId: ctx.tenantId, data: { credentialListId: id } });
    });
  }
}
