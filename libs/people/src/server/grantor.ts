import { AppError } from '@trunkline/kernel';
import type { Context } from '@trunkline/kernel';
import { SCOPES, sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { peopleErrors } from '../core/errors.ts';
import { TENANT_ROLES, mayGrant, scopesOfRole } from '../core/roles.ts';
import type { Grantor, TenantRole } from '../core/roles.ts';
import { roleOfPerson } from './members.sql.ts';

const scopesOfKey = sql<{ scopes: string[] }>('grantor-key', `SELECT scopes FROM api_key WHERE tenant_id = $1 AND id = $2`);
const EVERYTHING: Grantor = { isOwner: true, scopes: SCOPES };

/** What whoever acts may give away: a member what the role has, a key what it has, the operator anything. */
export const grantorOf = async (tx: Tx, ctx: Context): Promise<Grantor> => {
  if (ctx.kind === 'system' || ctx.actor.type === 'operator') return EVERYTHING;
  if (ctx.actor.type === 'api_key') {
    const [key] = await tx.query(scopesOfKey, ctx.tenantId, ctx.actor.id);
    return { isOwner: false, scopes: key?.scopes ?? [] };
  }
  const [member] = await tx.query(roleOfPerson, ctx.tenantId, ctx.actor.id);
  // the guard let a person in who has no place here: one of the operator's staff
  if (!member) return EVERYTHING;
  return { isOwner: member.role === 'owner', scopes: scopesOfRole(member.role as TenantRole, SCOPES) };
};

/** @throws AppError member.role_not_yours */
export const refuseGrant = (grantor: Grantor, role: string, pointer = '/role'): void => {
  // roles of the operator's staff are given by its administrators, whom the guard has let through
  const isTenantRole = (TENANT_ROLES as readonly string[]).includes(role);
  if (grantor === EVERYTHING || (isTenantRole && mayGrant(grantor, role as TenantRole, SCOPES))) return;
  const detail = `You may not give or take the role ${role}`;
  throw new AppError(peopleErrors.roleNotYours, detail, { errors: [{ pointer, code: 'forbidden', detail }] });
};
