import { Injectable, StandardSchemaSerializerInterceptor } from '@nestjs/common';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { Observable } from 'rxjs';
import { DryRunInterceptor } from './dry-run.ts';
import { IdempotencyInterceptor } from './idempotency.interceptor.ts';
import { QuoteInterceptor } from './quote.ts';

type Layer = { intercept(host: ExecutionContext, next: CallHandler): Observable<unknown> };

/** What lies around every handler. One interceptor of four layers: the framework takes its time for each it knows, and most requests need one. */
@Injectable()
export class AroundHandlers implements NestInterceptor {
  private readonly layers: readonly Layer[];

  constructor(
    dryRun: DryRunInterceptor,
    quote: QuoteInterceptor,
    idempotency: IdempotencyInterceptor,
    serializer: StandardSchemaSerializerInterceptor,
  ) {
    // the innermost first: what the serialiser lets out is saved under its key, and a dry run undoes what all others did
    this.layers = [serializer, idempotency, quote, dryRun];
  }

  intercept(host: ExecutionContext, next: CallHandler): Observable<unknown> {
    return this.layers.reduce<CallHandler>((inner, layer) => ({ handle: () => layer.intercept(host, inner) }), next).handle();
  }
}
