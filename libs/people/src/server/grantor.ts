import { AppError, systemContext } from '@trunkline/kernel';
import type { Context } from '@trunkline/kernel';
import { PLATFORM_TENANT_ID, SCOPES, sql } from '@trunkline/platform';
import type { Database, Tx } from '@trunkline/platform';
import { peopleErrors } from '../core/errors.ts';
import { TENANT_ROLES, mayGrant, scopesOfRole } from '../core/roles.ts';
import type { Grantor, TenantRole } from '../core/roles.ts';
import { roleOfPerson } from './members.sql.ts';

// the acting key, or a person's place, may be of a tenant above; the nearest place counts
const scopesOfKey = sql<{ scopes: string[] }>('grantor-key', `SELECT scopes FROM api_key WHERE id = $1`);
const placesAbove = sql<{ tenantId: string; role: string }>(
  'grantor-above',
  `SELECT m.tenant_id AS "tenantId", m.role FROM member m JOIN tenant_node n ON n.id = $1
   WHERE m.person_id = $2 AND m.disabled_at IS NULL AND (m.tenant_id = ANY (n.path) OR m.tenant_id = $3) ORDER BY array_position(n.path, m.tenant_id) DESC NULLS LAST`,
);
const context = systemContext('who gives a role away');

const EVERYTHING: Grantor = { isOwner: true, scopes: SCOPES };
export const isOfOperator = (grantor: Grantor): boolean => grantor === EVERYTHING;

/** What whoever acts may give away: a member what the role has, here or in a tenant above; a key what it has; the operator anything. */
export const grantorOf = async (db: Database, tx: Tx, ctx: Context): Promise<Grantor> => {
  if (ctx.kind === 'system' || ctx.actor.type === 'operator') return EVERYTHING;
  if (ctx.actor.type === 'api_key') {
    const [key] = await db.ask(context, scopesOfKey, ctx.actor.id);
    return { isOwner: false, scopes: key?.scopes ?? [] };
  }
  // in the transaction: whoever was demoted before its locks were had has lost the say
  const [member] = await tx.query(roleOfPerson, ctx.tenantId, ctx.actor.id);
  if (member) return asMember(member.role);
  const places = await db.ask(context, placesAbove, ctx.tenantId, ctx.actor.id, PLATFORM_TENANT_ID);
  const isStaff = places.some(({ tenantId }) => tenantId === PLATFORM_TENANT_ID);
  return isStaff ? EVERYTHING : asMember(places[0]?.role);
};

const asMember = (role: string | undefined): Grantor =>
  role === undefined ? { isOwner: false, scopes: [] } : { isOwner: role === 'owner', scopes: scopesOfRole(role as TenantRole, SCOPES) };

/** @throws AppError member.role_not_yours */
export const refuseGrant = (grantor: Grantor, role: string, pointer = '/role'): void => {
  // roles of the operator's staff are given by its administrators, whom the guard has let through
  const isTenantRole = (TENANT_ROLES as readonly string[]).includes(role);
  if (grantor === EVERYTHING || (isTenantRole && mayGrant(grantor, role as TenantRole, SCOPES))) return;
  const detail = `You may not give or take the role ${role}`;
  throw new AppError(peopleErrors.roleNotYours, detail, { errors: [{ pointer, code: 'forbidden', detail }] });
};
