import { Injectable, SetMetadata, applyDecorators } from '@nestjs/common';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiQuery } from '@nestjs/swagger';
import { invalidField } from '@trunkline/kernel';
import type { Context } from '@trunkline/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom } from 'rxjs';
import type { Observable } from 'rxjs';
import { Database, sql } from '../db/database.ts';
import { contextOf } from './principal.ts';

const CAN_DRY_RUN = 'trunkline:can-dry-run';

/** A change that can be tried without being made: all it does, it does in the transaction of its own context, and it asks nobody outside. */
export const CanDryRun = () =>
  applyDecorators(
    SetMetadata(CAN_DRY_RUN, true),
    ApiQuery({
      name: 'dry_run',
      required: false,
      enum: ['true', 'false'],
      description: 'true: answers as the change would be answered, and makes none',
    }),
  );

/** Undoes a transaction that went well. */
class Rehearsed extends Error {}

const settle = sql('dry-run-settle', 'SET CONSTRAINTS ALL IMMEDIATE'); // what is checked at the commit is checked too

/** With `?dry_run=true` a change runs as it would, in a transaction that is rolled back: no state, no audit, no event, no saved answer. */
@Injectable()
export class DryRunInterceptor implements NestInterceptor {
  constructor(
    private readonly db: Database,
    private readonly reflector: Reflector,
  ) {}

  intercept(host: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const wish = (request.query as { dry_run?: unknown } | undefined)?.dry_run;
    if (wish === undefined) return next.handle();
    const ctx = contextOf(request);
    if (!ctx || !this.reflector.get<true | undefined>(CAN_DRY_RUN, host.getHandler()))
      throw invalidField('/query/dry_run', 'unsupported', 'This operation cannot be tried');
    if (wish !== 'true' && wish !== 'false') throw invalidField('/query/dry_run', 'invalid', 'Must be true or false');
    if (wish === 'false') return next.handle();
    void host.switchToHttp().getResponse<FastifyReply>().header('trunkline-dry-run', 'true');
    return from(this.rehearse(ctx, next));
  }

  private async rehearse(ctx: Context, next: CallHandler): Promise<unknown> {
    let answer: unknown;
    try {
      await this.db.tx(ctx, async (tx) => {
        answer = await lastValueFrom(next.handle(), { defaultValue: undefined });
        await tx.query(settle);
        throw new Rehearsed();
      });
    } catch (error) {
      if (!(error instanceof Rehearsed)) throw error;
    }
    return answer;
  }
}
