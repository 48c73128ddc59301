import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AppError, Clock, invalidField } from '@trunkline/kernel';
import type { Context } from '@trunkline/kernel';
import { chainOf } from '../audit/audit.ts';
import { Sealer } from '../crypto/sealer.ts';
import { Database, sql } from '../db/database.ts';
import type { Tx } from '../db/database.ts';
import { platformErrors } from './errors.ts';

/** `body` as it was sent: the same key must come with the same bytes to the same URL. */
export type KeyedRequest = {
  readonly key: unknown;
  readonly route: string;
  readonly url: string;
  readonly body: Buffer | undefined;
};
export type KeyedAnswer = { readonly status: number; readonly body: unknown };

const KEPT_MS = 24 * 3_600_000;
const lock = sql<{ free: boolean }>('idempotency-lock', `SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS free`);
const find = sql<{ route: string; bodyHash: Buffer; status: number; responseSealed: Buffer }>(
  'idempotency-find',
  `SELECT route, body_hash AS "bodyHash", status, response_sealed AS "responseSealed" FROM idempotency_key WHERE tenant_id = $1 AND key = $2 AND expires_at > $3`,
);
const save = sql(
  'idempotency-save',
  `INSERT INTO idempotency_key (tenant_id, key, route, body_hash, status, response_sealed, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
   ON CONFLICT (tenant_id, key) DO UPDATE SET route = excluded.route, body_hash = excluded.body_hash, status = excluded.status,
     response_sealed = excluded.response_sealed, created_at = excluded.created_at, expires_at = excluded.expires_at`,
);

/**
 * Answers a request with an Idempotency-Key once: it is worked inside one transaction that also saves its answer, so either both exist or neither.
 * A repeat gets the saved answer, a concurrent repeat 409, the same key for another request 422. What throws is not saved.
 */
@Injectable()
export class Idempotency {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly sealer: Sealer,
  ) {}

  once(ctx: Context, request: KeyedRequest, work: () => Promise<KeyedAnswer>): Promise<KeyedAnswer & { readonly replayed: boolean }> {
    const { key } = request;
    if (typeof key !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(key))
      throw invalidField('/headers/idempotency-key', 'invalid', 'Idempotency-Key must be 1 to 255 printable characters');
    return this.db.tx(ctx, (tx) => this.answer(tx, ctx, { ...request, key }, work));
  }

  private async answer(
    tx: Tx,
    ctx: Context,
    { key, route, url, body }: KeyedRequest & { readonly key: string },
    work: () => Promise<KeyedAnswer>,
  ) {
    const tenantId = chainOf(ctx);
    const bodyHash = createHash('sha256')
      .update(url)
      .update('\n')
      .update(body ?? '')
      .digest();
    const [locked] = await tx.query(lock, `${tenantId}:${key}`);
    if (!locked?.free) throw new AppError(platformErrors.idempotencyInFlight);
    const now = this.clock.now();
    const [saved] = await tx.query(find, tenantId, key, now);
    const seal = `idempotency:${tenantId}:${key}`;
    if (saved) {
      if (saved.route !== route || !saved.bodyHash.equals(bodyHash)) throw new AppError(platformErrors.idempotencyMismatch);
      return { status: saved.status, body: JSON.parse(this.sealer.open(saved.responseSealed, seal)) as unknown, replayed: true };
    }
    const answer = await work();
    const sealed = this.sealer.seal(JSON.stringify(answer.body ?? null), seal);
    await tx.query(save, tenantId, key, route, bodyHash, answer.status, sealed, now, new Date(now.getTime() + KEPT_MS));
    return { ...answer, replayed: false };
  }
}
