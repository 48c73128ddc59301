import { newId } from '@trunkline/kernel';
import type { Context } from '@trunkline/kernel';
import { sql } from '../db/database.ts';
import type { Tx } from '../db/database.ts';

/** Stands in for a tenant in rows about the platform itself. */
export const PLATFORM_TENANT_ID = '00000000-0000-0000-0000-000000000000';

const insertAudit = sql(
  'audit-insert',
  `INSERT INTO audit_entry (tenant_id, id, at, actor_type, actor_id, request_id, action, resource_id, data)
   VALUES ($1, $2, clock_timestamp(), $3, $4, $5, $6, $7, $8)`,
);

/**
 * Records who changed what, in the change's own transaction.
 * @param action past tense, `trunk.created`
 * @param data what is worth knowing later; never a secret
 */
export const audit = async (tx: Tx, ctx: Context, action: string, resourceId: string, data: object = {}): Promise<void> => {
  const tenantId = ctx.kind === 'tenant' ? ctx.tenantId : PLATFORM_TENANT_ID;
  await tx.query(insertAudit, tenantId, newId(), ctx.actor.type, ctx.actor.id, ctx.requestId, action, resourceId, JSON.stringify(data));
};
