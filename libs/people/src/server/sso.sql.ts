import { sql, takeTurn } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import type { RoleMapping, SsoRole } from '../core/role-mapping.ts';

export type SsoSettings = {
  readonly issuer: string;
  readonly clientId: string;
  readonly allowedDomains: readonly string[];
  readonly roleClaim: string;
  readonly roleMapping: RoleMapping;
  readonly defaultRole: SsoRole | null;
  readonly enabled: boolean;
};
export type SsoConnection = SsoSettings & {
  readonly clientSecretSealed: Buffer;
  readonly validFrom: Date;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

export const sealOfSso = (tenantId: string): string => `sso:${tenantId}`;

export const findConnection = sql<SsoConnection>(
  'sso-find',
  `SELECT issuer, client_id AS "clientId", client_secret_sealed AS "clientSecretSealed", allowed_domains AS "allowedDomains", role_claim AS "roleClaim",
     role_mapping AS "roleMapping", default_role AS "defaultRole", enabled, valid_from AS "validFrom", created_at AS "createdAt", updated_at AS "updatedAt"
   FROM sso_connection WHERE tenant_id = $1`,
);
export const saveConnection = sql(
  'sso-save',
  `INSERT INTO sso_connection (tenant_id, issuer, client_id, client_secret_sealed, allowed_domains, role_claim, role_mapping, default_role, enabled, valid_from, created_at, updated_at)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, $10)
   ON CONFLICT (tenant_id) DO UPDATE SET issuer = excluded.issuer, client_id = excluded.client_id, client_secret_sealed = excluded.client_secret_sealed,
     allowed_domains = excluded.allowed_domains, role_claim = excluded.role_claim, role_mapping = excluded.role_mapping, default_role = excluded.default_role,
     enabled = excluded.enabled, updated_at = excluded.updated_at,
     valid_from = CASE WHEN (sso_connection.issuer, sso_connection.client_id) = (excluded.issuer, excluded.client_id) THEN sso_connection.valid_from ELSE excluded.valid_from END`,
);
export const deleteConnection = sql<{ tenantId: string }>(
  'sso-delete',
  `DELETE FROM sso_connection WHERE tenant_id = $1 RETURNING tenant_id AS "tenantId"`,
);

/** The person of a subject: as it was linked before, else the member who has the address. */
export const findIdentity = sql<{ personId: string; isLinked: boolean }>(
  'sso-identity-find',
  `SELECT person_id AS "personId", true AS "isLinked" FROM sso_identity WHERE tenant_id = $1 AND issuer = $2 AND subject = $3
   UNION ALL (SELECT m.person_id, false FROM member m JOIN person p ON p.id = m.person_id WHERE m.tenant_id = $1 AND p.email = $4 ORDER BY m.created_at LIMIT 1)
   UNION ALL SELECT id, false FROM person WHERE sso_tenant_id = $1 AND email = $4 LIMIT 1`,
);
export const linkIdentity = sql(
  'sso-identity-link',
  `INSERT INTO sso_identity (tenant_id, issuer, subject, person_id, created_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
);
export const insertSsoPerson = sql<{ id: string }>(
  'sso-person-insert',
  `INSERT INTO person (id, email, name, sso_tenant_id, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $5) RETURNING id`,
);
export const lockMemberOfPerson = sql<{ id: string; role: string; disabledAt: Date | null }>(
  'sso-member-lock',
  `SELECT id, role, disabled_at AS "disabledAt" FROM member WHERE tenant_id = $1 AND person_id = $2 FOR UPDATE`,
);

/** First log-ins at one tenant wait for each other: two of one person must not make two. Whoever changes its provider waits, too. */
export const takeSsoTurn = (tx: Tx, tenantId: string): Promise<unknown> => takeTurn(tx, `sso:${tenantId}`);
