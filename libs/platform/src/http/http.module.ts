import { Global, Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { StandardSchemaSerializerInterceptor } from '@nestjs/common';
import { AuditQueries } from '../audit/audit-queries.ts';
import { AuditController } from '../audit/audit.http.ts';
import { HealthController } from '../telemetry/health.controller.ts';
import { BucketStore, PostgresBuckets } from '../rate-limit/bucket-store.ts';
import { RATE_LIMITS, RateLimit } from '../rate-limit/rate-limit.ts';
import type { RateLimits } from '../rate-limit/rate-limit.ts';
import { AroundHandlers } from './around-handlers.ts';
import { AuthGuard } from './auth.guard.ts';
import { DryRunInterceptor } from './dry-run.ts';
import { Idempotency } from './idempotency.ts';
import { IdempotencyInterceptor } from './idempotency.interceptor.ts';
import { ProblemFilter } from './problem.filter.ts';
import { QuoteInterceptor } from './quote.ts';
import { StandingRequest } from './standing-request.ts';
import { ValidationPipe } from './validation.pipe.ts';

/** What every route gets: authentication, rate limits, validation, problem answers, checked responses; and what lies around those that change something. */
@Global()
@Module({
  controllers: [HealthController, AuditController],
  providers: [
    AuditQueries,
    RateLimit,
    { provide: BucketStore, useClass: PostgresBuckets },
    Idempotency,
    StandingRequest,
    { provide: APP_GUARD, useClass: AuthGuard },
    { provide: APP_PIPE, useClass: ValidationPipe },
    { provide: APP_FILTER, useClass: ProblemFilter },
    ...[AroundHandlers, DryRunInterceptor, QuoteInterceptor, IdempotencyInterceptor, StandardSchemaSerializerInterceptor],
  ],
  exports: [AuditQueries, BucketStore, Idempotency, StandingRequest],
})
export class HttpModule {
  static of(limits: RateLimits): DynamicModule {
    return { module: HttpModule, providers: [{ provide: RATE_LIMITS, useValue: limits }] };
  }
}
