import { newId, tenantContext } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { PLATFORM_TENANT_ID, audit, publish, sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import type { Invited } from '../core/invitation-limits.ts';

export type Member = {
  readonly id: string;
  readonly personId: string;
  readonly email: string;
  readonly name: string;
  readonly role: string;
  readonly hasSecondFactor: boolean;
  readonly disabledAt: Date | null;
  readonly revision: number;
  readonly createdAt: Date;
};
export type Invitation = {
  readonly id: string;
  readonly email: string;
  readonly role: string;
  readonly expiresAt: Date;
  readonly acceptedAt: Date | null;
  readonly revokedAt: Date | null;
  readonly createdAt: Date;
};

const MEMBER = `m.id, m.person_id AS "personId", p.email, p.name, m.role, (p.totp_enabled_at IS NOT NULL OR EXISTS (SELECT FROM passkey k WHERE k.person_id = p.id)) AS "hasSecondFactor", m.disabled_at AS "disabledAt", m.revision, m.created_at AS "createdAt"`;
const INVITATION = `id, email, role, expires_at AS "expiresAt", accepted_at AS "acceptedAt", revoked_at AS "revokedAt", created_at AS "createdAt"`;
/** Newest first, from a position on: `$2`, `$3` are that position or null. */
const page = (alias: string) =>
  `($2::timestamptz IS NULL OR (${alias}.created_at, ${alias}.id) < ($2, $3::uuid)) ORDER BY ${alias}.created_at DESC, ${alias}.id DESC LIMIT $4`;

export const listMembers = sql<Member>(
  'member-list',
  `SELECT ${MEMBER} FROM member m JOIN person p ON p.id = m.person_id WHERE m.tenant_id = $1 AND ${page('m')}`,
);
export const memberById = sql<Member>(
  'member-by-id',
  `SELECT ${MEMBER} FROM member m JOIN person p ON p.id = m.person_id WHERE m.tenant_id = $1 AND m.id = $2`,
);
export const memberByEmail = sql<{ id: string }>(
  'member-by-email',
  `SELECT m.id FROM member m JOIN person p ON p.id = m.person_id WHERE m.tenant_id = $1 AND p.email = $2`,
);
/** The owners who may act, and the member in question: whoever changes one of them waits for whoever changes another. */
export const lockOwnersAnd = sql<{ id: string; role: string; isActive: boolean; revision: number }>(
  'member-lock-owners',
  `SELECT id, role, (disabled_at IS NULL) AS "isActive", revision FROM member
   WHERE tenant_id = $1 AND (id = $2 OR (role = 'owner' AND disabled_at IS NULL)) ORDER BY id FOR UPDATE`,
);
export const roleOfPerson = sql<{ role: string }>(
  'member-role-of',
  `SELECT role FROM member WHERE tenant_id = $1 AND person_id = $2 AND disabled_at IS NULL`,
);
export const updateMember = sql(
  'member-update',
  `UPDATE member SET role = $3, disabled_at = $4, revision = revision + 1, updated_at = $5 WHERE tenant_id = $1 AND id = $2`,
);
export const deleteMember = sql('member-delete', `DELETE FROM member WHERE tenant_id = $1 AND id = $2`);

export const listInvitations = sql<Invitation>(
  'invitation-list',
  `SELECT ${INVITATION} FROM invitation i WHERE tenant_id = $1 AND ${page('i')}`,
);
export const insertInvitation = sql<Invitation>(
  'invitation-insert',
  `INSERT INTO invitation (tenant_id, id, hash, email, role, expires_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING ${INVITATION}`,
);
export const revokeInvitation = sql<Invitation>(
  'invitation-revoke',
  `UPDATE invitation SET revoked_at = coalesce(revoked_at, $3) WHERE tenant_id = $1 AND id = $2 AND accepted_at IS NULL RETURNING ${INVITATION}`,
);
/** `$3` a day ago, `$4` an hour ago. */
export const invitedLately = sql<Invited>(
  'invitation-lately',
  `SELECT count(*)::int AS "inADay", count(*) FILTER (WHERE email = $2 AND created_at > $4)::int AS "toOneInAnHour"
   FROM invitation WHERE tenant_id = $1 AND created_at > $3`,
);
export const replaceInvitation = sql(
  'invitation-replace',
  `UPDATE invitation SET revoked_at = $3 WHERE tenant_id = $1 AND email = $2 AND accepted_at IS NULL AND revoked_at IS NULL`,
);

const insert = sql<{ id: string }>(
  'member-insert',
  `INSERT INTO member (tenant_id, id, person_id, role, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $5) ON CONFLICT (tenant_id, person_id) DO NOTHING RETURNING id`,
);

/** Gives a person a place, told in the tenant's own audit. Undefined when they have one. */
export const addMember = async (
  tx: Tx,
  ctx: SystemContext,
  tenantId: string,
  personId: string,
  role: string,
  now: Date,
): Promise<string | undefined> => {
  const [member] = await tx.query(insert, tenantId, newId(), personId, role, now);
  if (!member) return undefined;
  const there = tenantContext(tenantId, { type: 'person', id: personId }, ctx.requestId);
  audit(tx, { ...there, sourceAddress: ctx.sourceAddress ?? '' }, 'member.added', member.id, { personId, role });
  if (tenantId !== PLATFORM_TENANT_ID) publish(tx, { type: 'member.added', tenantId, data: { memberId: member.id, role } });
  return member.id;
};
