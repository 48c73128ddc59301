import { AppError, notFound, systemContext } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { platformErrors, sql } from '@trunkline/platform';
import type { Database, Tx } from '@trunkline/platform';
import { beyond } from '../core/key-limits.ts';
import type { KeyLimits } from '../core/key-limits.ts';
import type { ApiKey } from './api-key-queries.ts';

const COLUMNS = `id, name, hint, scopes, allowed_networks AS "allowedNetworks", expires_at AS "expiresAt", revoked_at AS "revokedAt", last_used_at AS "lastUsedAt",
  old_valid_until AS "oldValidUntil", revision, created_at AS "createdAt", updated_at AS "updatedAt"`;
const lock = sql<ApiKey>('api-key-lock', `SELECT ${COLUMNS} FROM api_key WHERE tenant_id = $1 AND id = $2 FOR UPDATE`);
const limits = sql<KeyLimits>(
  'api-key-limits',
  `SELECT scopes, expires_at AS "expiresAt", allowed_networks AS "allowedNetworks" FROM api_key WHERE id = $1`,
);

/** The key, locked until the transaction ends. @throws AppError resource.not_found */
export const lockApiKey = async (tx: Tx, tenantId: string, id: string): Promise<ApiKey> => {
  const [key] = await tx.query(lock, tenantId, id);
  if (!key) throw notFound();
  return key;
};

/** A key gives no more than it has; an operator has everything. Asked across tenants: the acting key may be one of a tenant above. @throws AppError auth.scope_missing */
export const refuseBeyond = async (db: Database, { actor }: TenantContext, wanted: KeyLimits): Promise<void> => {
  if (actor.type !== 'api_key') return;
  const [own] = await db.ask(systemContext('limits of the acting key'), limits, actor.id);
  const errors = beyond(own ?? { scopes: [], expiresAt: null, allowedNetworks: [] }, wanted);
  if (errors.length > 0) throw new AppError(platformErrors.forbidden, errors.map((e) => e.detail).join('; '), { errors });
};
