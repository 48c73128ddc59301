import { sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';

export const SHARE_ABILITIES = ['upload', 'sign'] as const;
export type ShareAbility = (typeof SHARE_ABILITIES)[number];
export type PortShareLinkRow = {
  readonly tenantId: string;
  readonly id: string;
  readonly orderId: string;
  readonly allows: readonly ShareAbility[];
  readonly expiresAt: Date;
  readonly revokedAt: Date | null;
  readonly usedAt: Date | null;
  readonly createdBy: string;
  readonly createdAt: Date;
};

const LINK = `SELECT tenant_id AS "tenantId", id, order_id AS "orderId", allows, expires_at AS "expiresAt", revoked_at AS "revokedAt", used_at AS "usedAt",
    created_by AS "createdBy", created_at AS "createdAt" FROM port_share_link`;
const insert = sql(
  'port-share-link-insert',
  `INSERT INTO port_share_link (tenant_id, id, order_id, token_hash, allows, expires_at, created_by, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
);
const ofOrder = sql<PortShareLinkRow>('port-share-links', `${LINK} WHERE tenant_id = $1 AND order_id = $2 ORDER BY created_at, id`);
const lock = sql<PortShareLinkRow>('port-share-link-lock', `${LINK} WHERE tenant_id = $1 AND id = $2 FOR UPDATE`);
const revoke = sql(
  'port-share-link-revoke',
  `UPDATE port_share_link SET revoked_at = $3 WHERE tenant_id = $1 AND id = $2 AND revoked_at IS NULL`,
);
const use = sql(
  'port-share-link-use',
  `UPDATE port_share_link SET used_at = $3 WHERE tenant_id = $1 AND id = $2 AND (used_at IS NULL OR used_at < $3)`,
);
/** Whosever it is: who comes with a link says no tenant. */
export const byToken = sql<PortShareLinkRow>('port-share-link-by-token', `${LINK} WHERE token_hash = $1`);

export const insertShareLink = (tx: Tx, l: PortShareLinkRow, tokenHash: Buffer) =>
  tx.query(insert, l.tenantId, l.id, l.orderId, tokenHash, l.allows, l.expiresAt, l.createdBy, l.createdAt);
export const listShareLinks = (tx: Tx, tenantId: string, orderId: string) => tx.query(ofOrder, tenantId, orderId);
export const lockShareLink = async (tx: Tx, tenantId: string, id: string): Promise<PortShareLinkRow | undefined> =>
  (await tx.query(lock, tenantId, id))[0];
export const revokeShareLink = (tx: Tx, tenantId: string, id: string, now: Date) => tx.query(revoke, tenantId, id, now);
export const markUsed = (tx: Tx, tenantId: string, id: string, now: Date) => tx.query(use, tenantId, id, now);
