import { createHash } from 'node:crypto';
import { Injectable, SetMetadata, applyDecorators } from '@nestjs/common';
import type { CallHandler, ExecutionContext, NestInterceptor, RawBodyRequest } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiQuery } from '@nestjs/swagger';
import { AppError, Clock, fromPublicId, invalidField, newId, toPublicId } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom } from 'rxjs';
import type { Observable } from 'rxjs';
import type { Charge } from '../db/commit-records.ts';
import { Database, sql } from '../db/database.ts';
import { platformErrors } from './errors.ts';
import { contextOf } from './principal.ts';
import { quoteToWire } from './quote-lines.ts';

const CAN_QUOTE = 'trunkline:can-quote';
const VALID_MS = 15 * 60_000;

/** An order that costs money: it can be asked for its price first, and be held to it. */
export const CanQuote = () =>
  applyDecorators(
    SetMetadata(CAN_QUOTE, true),
    ApiQuery({
      name: 'quote',
      required: false,
      enum: ['true'],
      description: 'true: orders nothing and answers 402 with an itemised quote',
    }),
    ApiQuery({
      name: 'quote_id',
      required: false,
      schema: { type: 'string' },
      description: 'Orders at the price of this quote, or not at all',
    }),
  );

type Quote = { requestHash: Buffer; lines: Charge[]; expiresAt: Date; usedAt: Date | null };
type Request = RawBodyRequest<FastifyRequest>;

const insert = sql(
  'quote-insert',
  `INSERT INTO quote (tenant_id, id, request_hash, lines, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)`,
);
const lock = sql<Quote>(
  'quote-lock',
  `SELECT request_hash AS "requestHash", lines, expires_at AS "expiresAt", used_at AS "usedAt" FROM quote WHERE tenant_id = $1 AND id = $2 FOR UPDATE`,
);
const use = sql('quote-use', `UPDATE quote SET used_at = $3 WHERE tenant_id = $1 AND id = $2`);

/** Undoes an order whose price is all that was wanted. */
class Priced extends Error {}

/** Tells what an order costs by making it in a transaction that is rolled back, and orders at a price that was told, or not at all. */
@Injectable()
export class QuoteInterceptor implements NestInterceptor {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly reflector: Reflector,
  ) {}

  intercept(host: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = host.switchToHttp().getRequest<Request>();
    const { quote, quote_id: id } = (request.query ?? {}) as { quote?: unknown; quote_id?: unknown };
    const asked = quote === undefined ? '/query/quote_id' : '/query/quote';
    if (quote === undefined && id === undefined) return next.handle();
    const ctx = contextOf(request);
    if (ctx?.kind !== 'tenant' || !this.reflector.get<true | undefined>(CAN_QUOTE, host.getHandler()))
      throw invalidField(asked, 'unsupported', 'This operation has no price of its own');
    if (quote !== undefined && (quote !== 'true' || id !== undefined))
      throw invalidField('/query/quote', 'invalid', 'Must be true, without a quote_id');
    if (quote !== undefined) return from(this.offer(ctx, request, next));
    return from(this.hold(ctx, String(id), request, host.switchToHttp().getResponse<FastifyReply>(), next));
  }

  /** @throws AppError order.quoted, always; or whatever the order itself would be refused with, but for what a balance lacks */
  private async offer(ctx: TenantContext, request: Request, next: CallHandler): Promise<never> {
    let lines: readonly Charge[] = [];
    try {
      await this.db.tx(ctx, async (tx) => {
        lines = tx.records.charges;
        await lastValueFrom(next.handle(), { defaultValue: undefined });
        throw new Priced();
      });
    } catch (error) {
      const tooDear = error instanceof AppError && error.kind === 'payment_required';
      if (!(error instanceof Priced) && !tooDear) throw error;
    }
    const [id, now] = [newId(), this.clock.now()];
    const expiresAt = new Date(now.getTime() + VALID_MS);
    await this.db.tx(ctx, (tx) => tx.query(insert, ctx.tenantId, id, hashOf(request), JSON.stringify(lines), now, expiresAt));
    throw new AppError(platformErrors.quoted, undefined, { members: { quote: quoteToWire(toPublicId('quote', id), lines, expiresAt) } });
  }

  /** @throws AppError quote.expired, quote.used, quote.other_request, quote.price_changed: then nothing is ordered */
  private hold(ctx: TenantContext, publicId: string, request: Request, reply: FastifyReply, next: CallHandler): Promise<unknown> {
    return this.db.tx(ctx, async (tx) => {
      const answer: unknown = await lastValueFrom(next.handle(), { defaultValue: undefined });
      if (reply.getHeader('idempotent-replayed')) return answer; // it was held to its price when it was made
      const id = fromPublicId('quote', publicId);
      const [quote] = id === undefined ? [] : await tx.query(lock, ctx.tenantId, id);
      if (!quote) throw invalidField('/query/quote_id', 'unknown', 'No such quote');
      const now = this.clock.now();
      if (quote.usedAt) throw new AppError(platformErrors.quoteUsed);
      if (quote.expiresAt <= now) throw new AppError(platformErrors.quoteExpired);
      if (!quote.requestHash.equals(hashOf(request))) throw new AppError(platformErrors.quoteOfOther);
      if (priceOf(quote.lines) !== priceOf(tx.records.charges)) throw new AppError(platformErrors.quotePriceChanged);
      await tx.query(use, ctx.tenantId, id, now);
      return answer;
    });
  }
}

const priceOf = (lines: readonly Charge[]): string =>
  JSON.stringify(lines.map((l) => [l.kind, l.unit, l.quantity, l.unitNanos, l.currency]).sort());

const hashOf = ({ method, url, rawBody }: Request): Buffer =>
  createHash('sha256')
    .update(`${method} ${url.split('?')[0]}\n`)
    .update(rawBody ?? '')
    .digest();
