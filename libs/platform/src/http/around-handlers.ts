import { Injectable, RequestMethod, StandardSchemaSerializerInterceptor, UseInterceptors } from '@nestjs/common';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { DryRunInterceptor } from './dry-run.ts';
import { IdempotencyInterceptor } from './idempotency.interceptor.ts';
import { QuoteInterceptor } from './quote.ts';

type Layer = { intercept(host: ExecutionContext, next: CallHandler): Observable<unknown> };

/** What lies around every handler that changes something. One interceptor of four layers: the framework takes its time for each it knows. */
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

const ofServer = new WeakMap<FastifyInstance, AroundHandlers>();
const ofRequest: NestInterceptor = {
  intercept(host, next) {
    const around = ofServer.get(host.switchToHttp().getRequest<FastifyRequest>().server);
    if (!around) throw new Error('a route of an app that createHttpApp did not make');
    return around.intercept(host, next);
  },
};
const surrounded = new WeakSet<object>(); // handlers: several apps of one process share them

/**
 * Puts them there, before the routes are made. Nest knows interceptors of all routes or of named ones, and takes a fifth of a read's time for the
 * first: this names those that change something. What a read lets out is checked as it is serialised, see `checkReads`.
 */
export const surroundChanges = (app: NestFastifyApplication): void => {
  ofServer.set(app.getHttpAdapter().getInstance() as never, app.get(AroundHandlers));
  const scanner = new MetadataScanner();
  for (const { controllers } of app.get(ModulesContainer).values())
    for (const { metatype } of controllers.values()) {
      const { prototype } = metatype as { prototype: Record<string, object> };
      for (const name of scanner.getAllMethodNames(prototype)) {
        const [handler, descriptor] = [prototype[name], Object.getOwnPropertyDescriptor(prototype, name)];
        const verb = handler && (Reflect.getMetadata('method', handler) as RequestMethod | undefined);
        if (!handler || !descriptor || verb === undefined || verb === RequestMethod.GET || surrounded.has(handler)) continue;
        UseInterceptors(ofRequest)(prototype, name, descriptor);
        surrounded.add(handler);
      }
    }
};
