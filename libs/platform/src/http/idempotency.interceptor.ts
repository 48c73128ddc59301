import { Injectable } from '@nestjs/common';
import type { CallHandler, ExecutionContext, NestInterceptor, RawBodyRequest } from '@nestjs/common';
import type { Context } from '@trunkline/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom } from 'rxjs';
import type { Observable } from 'rxjs';
import { Idempotency } from './idempotency.ts';
import { contextOf } from './principal.ts';

type Request = RawBodyRequest<FastifyRequest>;

/** Makes a POST with an Idempotency-Key happen once. A graph's POST has no context of its own: its mutations see to that (run-mutation.ts). */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(private readonly idempotency: Idempotency) {}

  intercept(host: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = host.switchToHttp().getRequest<Request>();
    const key = request.headers['idempotency-key'];
    const ctx = contextOf(request);
    if (request.method !== 'POST' || key === undefined || !ctx) return next.handle();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    return from(this.once(ctx, key, request, reply, next));
  }

  private async once(ctx: Context, key: unknown, request: Request, reply: FastifyReply, next: CallHandler): Promise<unknown> {
    const route = `${request.method} ${request.routeOptions.url ?? request.url}`;
    const { status, body, replayed } = await this.idempotency.once(
      ctx,
      { key, route, url: request.url, body: request.rawBody },
      async () => {
        const answer: unknown = await lastValueFrom(next.handle(), { defaultValue: null });
        return { status: reply.statusCode, body: answer };
      },
    );
    if (replayed) void reply.status(status).header('idempotent-replayed', 'true');
    return body;
  }
}
