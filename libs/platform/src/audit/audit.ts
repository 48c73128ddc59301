import { newId } from '@trunkline/kernel';
import type { Context } from '@trunkline/kernel';
import type { Tx } from '../db/database.ts';

/** Stands in for a tenant in rows about the platform itself. */
export const PLATFORM_TENANT_ID = '00000000-0000-0000-0000-000000000000';

/**
 * Records who changed what, in the change's own transaction; written when it commits.
 * @param action past tense, `trunk.created`
 * @param data what is worth knowing later; never a secret
 */
export const audit = (tx: Tx, ctx: Context, action: string, resourceId: string, data: object = {}): void => {
  const tenantId = ctx.kind === 'tenant' ? ctx.tenantId : PLATFORM_TENANT_ID;
  tx.records.audits.push([tenantId, newId(), ctx.actor.type, ctx.actor.id, ctx.requestId, action, resourceId, JSON.stringify(data)]);
};
