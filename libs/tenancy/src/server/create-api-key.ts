import { Injectable } from '@nestjs/common';
import { AppError, Clock, newId, systemContext } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, audit, platformErrors, publish, sql } from '@trunkline/platform';
import type { ApiScope } from '@trunkline/platform';
import { apiKeyHint } from '../core/api-key.ts';
import type { ApiKey } from './api-key-queries.ts';
import { hashKey, newApiKey } from './hash-key.ts';

export type NewApiKey = { readonly name: string; readonly scopes: readonly ApiScope[]; readonly expiresAt: Date | null };

const insert = sql(
  'api-key-insert',
  `INSERT INTO api_key (tenant_id, id, name, hash, hint, scopes, expires_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
);

const scopesOf = sql<{ scopes: ApiScope[] }>('api-key-scopes', `SELECT scopes FROM api_key WHERE id = $1`);

/** Makes a key and returns its secret, which nothing can show again. */
@Injectable()
export class CreateApiKey {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError auth.scope_missing: a key gives no more than it has */
  execute(ctx: TenantContext, input: NewApiKey): Promise<ApiKey & { readonly secret: string }> {
    return this.db.tx(ctx, async (tx) => {
      await this.refuseMore(ctx, input.scopes);
      const secret = newApiKey();
      const key = {
        id: newId(),
        ...input,
        scopes: [...input.scopes],
        hint: apiKeyHint(secret),
        createdAt: this.clock.now(),
        revokedAt: null,
      };
      await tx.query(insert, ctx.tenantId, key.id, key.name, hashKey(secret), key.hint, key.scopes, key.expiresAt, key.createdAt);
      audit(tx, ctx, 'api_key.created', key.id, { name: key.name, scopes: key.scopes });
      publish(tx, { type: 'api_key.created', tenantId: ctx.tenantId, data: { apiKeyId: key.id, name: key.name } });
      return { ...key, secret };
    });
  }

  // asked across tenants: the acting key may be one of a tenant above
  private async refuseMore({ actor }: TenantContext, scopes: readonly ApiScope[]): Promise<void> {
    if (actor.type !== 'api_key') return;
    const [own] = await this.db.ask(systemContext('scopes of the acting key'), scopesOf, actor.id);
    const errors = scopes.flatMap((scope, i) =>
      own?.scopes.includes(scope) ? [] : [{ pointer: `/scopes/${i}`, code: 'forbidden', detail: `This key has no ${scope} to give` }],
    );
    if (errors.length > 0) throw new AppError(platformErrors.forbidden, errors.map((e) => e.detail).join('; '), { errors });
  }
}
