import { Injectable } from '@nestjs/common';
import { Clock, systemContext } from '@trunkline/kernel';
import { Authenticator, Database, sql } from '@trunkline/platform';
import type { ApiScope, Principal } from '@trunkline/platform';
import { isWellFormedApiKey } from '../core/api-key.ts';
import { hashKey } from './hash-key.ts';

type Row = { kind: 'operator' | 'tenant'; id: string; tenantId: string | null; scopes: ApiScope[] };

const findKey = sql<Row>(
  'api-key-find',
  `SELECT 'tenant' AS kind, id, tenant_id AS "tenantId", scopes FROM api_key WHERE hash = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)
   UNION ALL SELECT 'operator', id, NULL, '{}' FROM operator_key WHERE hash = $1 AND revoked_at IS NULL`,
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
  ) {
    super();
  }

  async authenticate(key: string): Promise<Principal | undefined> {
    if (!isWellFormedApiKey(key)) return undefined;
    const [row] = await this.db.ask(systemContext('authenticate'), findKey, hashKey(key), this.clock.now());
    if (!row) return undefined;
    if (row.kind === 'operator' || row.tenantId === null) return { kind: 'operator', actor: { type: 'operator', id: row.id } };
    return { kind: 'tenant', actor: { type: 'api_key', id: row.id }, tenantId: row.tenantId, scopes: row.scopes };
  }

  async tenantExists(tenantId: string, above?: string): Promise<boolean> {
    const rows = await this.db.ask(systemContext('authenticate'), tenantFound, tenantId, above ?? null);
    return rows.length > 0;
  }
}
