import { Injectable } from '@nestjs/common';
import { AppError, Clock, systemContext } from '@trunkline/kernel';
import { Authenticator, Database, platformErrors, sql } from '@trunkline/platform';
import type { ApiScope, Principal } from '@trunkline/platform';
import { isWellFormedApiKey } from '../core/api-key.ts';
import { mayComeFrom } from '../core/key-limits.ts';
import { hashKey } from './hash-key.ts';
import { KeyUse } from './key-use.ts';
import { KnownKeys } from './known-keys.ts';

type Row = {
  id: string;
  tenantId: string | null;
  scopes: ApiScope[];
  allowedNetworks: string[];
  requestsPerSecMax: number | null;
  /** Of this secret: the key's own end, or that of the time in which a replaced one still counts. */
  endsAt: Date | null;
};

const LIVE = `(hash = $1 OR (old_hash = $1 AND old_valid_until > $2)) AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)`;
const ENDS = `least(expires_at, CASE WHEN hash <> $1 THEN old_valid_until END)`;
const findKey = sql<Row>(
  'api-key-find',
  `SELECT id, tenant_id AS "tenantId", scopes, allowed_networks AS "allowedNetworks",
     (SELECT t.requests_per_sec_max FROM tenant t WHERE t.id = api_key.tenant_id) AS "requestsPerSecMax", ${ENDS} AS "endsAt" FROM api_key WHERE ${LIVE}
   UNION ALL SELECT id, NULL, '{}', allowed_networks, NULL, ${ENDS} FROM operator_key WHERE ${LIVE}`,
);
const tenantFound = sql<{ id: string }>(
  'tenant-exists',
  `SELECT id FROM tenant_node WHERE id = $1 AND ($2::uuid IS NULL OR (id <> $2 AND $2 = ANY (path)))`,
);

@Injectable()
export class KeyAuthenticator extends Authenticator {
  private readonly known = new KnownKeys<Row>();

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly use: KeyUse,
  ) {
    super();
  }

  async authenticate(key: string, address: string): Promise<Principal | undefined> {
    const now = this.clock.now();
    const row = await this.known.find(key, async () => (isWellFormedApiKey(key) ? this.read(key, now) : undefined));
    if (!row || (row.endsAt && row.endsAt <= now)) return undefined;
    if (!mayComeFrom(row.allowedNetworks, address))
      throw new AppError(platformErrors.addressNotAllowed, `This request came from ${address}, which is in none of the key's networks`);
    const { id, tenantId, scopes, requestsPerSecMax } = row;
    this.use.seen(tenantId === null ? 'operator' : 'tenant', id);
    if (tenantId === null) return { kind: 'operator', actor: { type: 'operator', id } };
    return { kind: 'tenant', actor: { type: 'api_key', id }, tenantId, scopes, requestsPerSecMax };
  }

  private async read(key: string, now: Date): Promise<Row | undefined> {
    const [row] = await this.db.ask(systemContext('authenticate'), findKey, hashKey(key), now);
    return row;
  }

  async tenantExists(tenantId: string, above?: string): Promise<boolean> {
    const rows = await this.db.ask(systemContext('authenticate'), tenantFound, tenantId, above ?? null);
    return rows.length > 0;
  }
}
