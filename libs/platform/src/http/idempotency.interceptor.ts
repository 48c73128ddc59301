import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { CallHandler, ExecutionContext, NestInterceptor, RawBodyRequest } from '@nestjs/common';
import { AppError, Clock, invalidField } from '@trunkline/kernel';
import type { Context } from '@trunkline/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom } from 'rxjs';
import type { Observable } from 'rxjs';
import { chainOf } from '../audit/audit.ts';
import { Sealer } from '../crypto/sealer.ts';
import { Database, sql } from '../db/database.ts';
import type { Tx } from '../db/database.ts';
import { platformErrors } from './errors.ts';
import { contextOf } from './principal.ts';

type Request = RawBodyRequest<FastifyRequest>;

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
 * Makes a POST with an Idempotency-Key happen once: the handler runs inside one transaction that also saves its answer, so either both
 * exist or neither. A repeat gets the saved answer, a concurrent repeat 409, the same key for another request 422. Errors are not saved.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly sealer: Sealer,
  ) {}

  intercept(host: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = host.switchToHttp().getRequest<Request>();
    const key = request.headers['idempotency-key'];
    const ctx = contextOf(request);
    if (request.method !== 'POST' || key === undefined || !ctx) return next.handle();
    if (typeof key !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(key))
      throw invalidField('/headers/idempotency-key', 'invalid', 'Idempotency-Key must be 1 to 255 printable characters');
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    return from(this.db.tx(ctx, (tx) => this.once(tx, ctx, key, request, reply, next)));
  }

  private async once(tx: Tx, ctx: Context, key: string, request: Request, reply: FastifyReply, next: CallHandler): Promise<unknown> {
    const tenantId = chainOf(ctx);
    const route = `${request.method} ${request.routeOptions.url ?? request.url}`;
    const bodyHash = createHash('sha256')
      .update(request.url)
      .update('\n')
      .update(request.rawBody ?? '')
      .digest();
    const [locked] = await tx.query(lock, `${tenantId}:${key}`);
    if (!locked?.free) throw new AppError(platformErrors.idempotencyInFlight);
    const now = this.clock.now();
    const [saved] = await tx.query(find, tenantId, key, now);
    const seal = `idempotency:${tenantId}:${key}`;
    if (saved) {
      if (saved.route !== route || !saved.bodyHash.equals(bodyHash)) throw new AppError(platformErrors.idempotencyMismatch);
      void reply.status(saved.status).header('idempotent-replayed', 'true');
      return JSON.parse(this.sealer.open(saved.responseSealed, seal));
    }
    const answer: unknown = await lastValueFrom(next.handle(), { defaultValue: null });
    const sealed = this.sealer.seal(JSON.stringify(answer ?? null), seal);
    await tx.query(save, tenantId, key, route, bodyHash, reply.statusCode, sealed, now, new Date(now.getTime() + KEPT_MS));
    return answer;
  }
}
