import { Injectable } from '@nestjs/common';
import { AppError, Clock, systemContext } from '@trunkline/kernel';
import { Authenticator, Database, platformErrors, sql } from '@trunkline/platform';
import type { ApiScope, Principal } from '@trunkline/platform';
import { isWellFormedApiKey } from '../core/api-key.ts';
import { mayComeFrom } from '../core/key-limits.ts';
import { hashKey } from './hash-key.ts';
import { KeyUse } from './key-use.ts';

type Row = {
  id: string;
  tenantId: string | null;
  scopes: ApiScope[];
  allowedNetworks: string[];
  requestsPerSecMax: number | null;
};

const LIVE = `(hash = $1 OR (old_hash = $1 AND old_valid_until > $2)) AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)`;
const findKey = sql<Row>(
  'api-key-find',
  `SELECT id, tenant_id AS "tenantId", scopes, allowed_networks AS "allowedNetworks",
     (SELECT t.requests_per_sec_max FROM tenant t WHERE t.id = api_key.tenant_id) AS "requestsPerSecMax" FROM api_key WHERE ${LIVE}
   UNION ALL SELECT id, NULL, '{}', allowed_networks, NULL FROM operator_key WHERE ${LIVE}`,
);
const tenantFound = sql<{ id: string }>(
  'tenant-exists',
  `SELECT id FROM tenant_node WHERE id = $1 AND ($2::uuid IS NULL OR (id <> $2 AND $2 = ANY (path)))`,
);

@Injectable()
export class KeyAuthenticator extends Authenticator {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly use: KeyUse,
  ) {
    super();
  }

  async authenticate(key: string, address: string): Promise<Principal | undefined> {
    if (!isWellFormedApiKey(key)) return undefined;
    const [row] = await this.db.ask(systemContext('authenticate'), findKey, hashKey(key), this.clock.now());
    if (!row) return undefined;
    if (!mayComeFrom(row.allowedNetworks, address))
      throw new AppError(platformErrors.addressNotAllowed, `This request came from ${address}, which is in none of the key's networks`);
    const { id, tenantId, scopes, requestsPerSecMax } = row;
    this.use.seen(tenantId === null ? 'operator' : 'tenant', id);
    if (tenantId === null) return { kind: 'operator', actor: { type: 'operator', id } };
    return { kind: 'tenant', actor: { type: 'api_key', id }, tenantId, scopes, requestsPerSecMax };
  }

  async tenantExists(tenantId: string, above?: string): Promise<boolean> {
    const rows = await this.db.ask(systemContext('authenticate'), tenantFound, tenantId, above ?? null);
    return rows.length > 0;
  }
}
