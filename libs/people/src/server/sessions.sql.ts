import { newId } from '@trunkline/kernel';
import { sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import type { Caller } from './caller.ts';
import { hashToken, newToken } from './secret-token.ts';

export type Session = {
  readonly id: string;
  readonly personId: string;
  readonly boundTenantId: string | null;
  readonly sourceAddress: string;
  readonly userAgent: string;
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
  readonly expiresAt: Date;
};
/** Where a person may act, and as what. */
export type Place = { readonly tenantId: string; readonly role: string; readonly requestsPerSecMax: number | null };
export type OpenSession = Pick<Session, 'id' | 'personId' | 'boundTenantId' | 'lastSeenAt'> & { readonly places: readonly Place[] };

const DAY_MS = 86_400_000;
export const SESSION_MS = 30 * DAY_MS;
/** A session that nobody used for so long is over. */
export const IDLE_MS = 7 * DAY_MS;
/** One that an identity provider opened: whoever was removed there is out by the next day. */
const BOUND_MS = DAY_MS / 2;

const COLUMNS = `id, person_id AS "personId", bound_tenant_id AS "boundTenantId", source_address AS "sourceAddress", user_agent AS "userAgent",
  created_at AS "createdAt", last_seen_at AS "lastSeenAt", expires_at AS "expiresAt"`;

const insert = sql<Session>(
  'session-insert',
  `INSERT INTO person_session (id, person_id, hash, bound_tenant_id, source_address, user_agent, created_at, last_seen_at, expires_at)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8) RETURNING ${COLUMNS}`,
);
// not cached: who was removed, disabled or logged out a moment ago is refused by the very next request
export const openSession = sql<OpenSession>(
  'session-open',
  `SELECT s.id, s.person_id AS "personId", s.bound_tenant_id AS "boundTenantId", s.last_seen_at AS "lastSeenAt",
     coalesce((SELECT json_agg(json_build_object('tenantId', m.tenant_id, 'role', m.role, 'requestsPerSecMax', t.requests_per_sec_max)) FROM member m LEFT JOIN tenant t ON t.id = m.tenant_id WHERE m.person_id = s.person_id
       AND m.disabled_at IS NULL AND (s.bound_tenant_id IS NULL OR m.tenant_id = s.bound_tenant_id)), '[]') AS places
   FROM person_session s WHERE s.hash = $1 AND s.revoked_at IS NULL AND s.expires_at > $2 AND s.last_seen_at > $3
     AND (s.bound_tenant_id IS NULL OR EXISTS (SELECT FROM sso_connection c WHERE c.tenant_id = s.bound_tenant_id AND c.enabled AND c.valid_from <= s.created_at))`,
);
export const touchSession = sql('session-touch', `UPDATE person_session SET last_seen_at = $2 WHERE id = $1`);
/** From the root of its tree down to a tenant. */
export const pathOf = sql<{ path: string[] }>('session-path', `SELECT path FROM tenant_node WHERE id = $1`);
/** `$4`: whose sessions alone are told, where one that its identity provider opened asks. */
export const listSessions = sql<Session>(
  'session-list',
  `SELECT ${COLUMNS} FROM person_session WHERE person_id = $1 AND revoked_at IS NULL AND expires_at > $2 AND last_seen_at > $3
     AND ($4::uuid IS NULL OR bound_tenant_id = $4) AND ($5::timestamptz IS NULL OR (created_at, id) < ($5, $6::uuid))
   ORDER BY created_at DESC, id DESC LIMIT $7`,
);
export const revokeSession = sql<{ id: string }>(
  'session-revoke',
  `UPDATE person_session SET revoked_at = $3 WHERE person_id = $1 AND id = $2 AND revoked_at IS NULL RETURNING id`,
);
/** All that are not over yet but `$2`. */
export const revokeOthers = sql<{ id: string }>(
  'session-revoke-others',
  `UPDATE person_session SET revoked_at = $3 WHERE person_id = $1 AND id <> $2 AND revoked_at IS NULL AND expires_at > $3 AND last_seen_at > $4 RETURNING id`,
);
/** `$2`: the session to leave, or null. */
export const revokeSessions = sql(
  'session-revoke-all',
  `UPDATE person_session SET revoked_at = $3 WHERE person_id = $1 AND id IS DISTINCT FROM $2 AND revoked_at IS NULL`,
);
export const pruneSessions = sql(
  'session-prune',
  `DELETE FROM person_session WHERE expires_at < $1 OR revoked_at < $1 OR last_seen_at < $1`,
);

/** Opens a session. The token is the cookie, which nothing can show again. */
export const startSession = async (
  tx: Tx,
  personId: string,
  boundTenantId: string | null,
  { sourceAddress, userAgent }: Caller,
  now: Date,
): Promise<{ readonly session: Session; readonly token: string }> => {
  const token = newToken();
  const until = new Date(now.getTime() + (boundTenantId === null ? SESSION_MS : BOUND_MS));
  const [session] = await tx.query(insert, newId(), personId, hashToken(token), boundTenantId, sourceAddress, userAgent, now, until);
  if (!session) throw new Error('a session was not stored');
  return { session, token };
};
