import { Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { StandardSchemaSerializerInterceptor } from '@nestjs/common';
import { AuditQueries } from '../audit/audit-queries.ts';
import { AuditController } from '../audit/audit.http.ts';
import { HealthController } from '../telemetry/health.controller.ts';
import { AuthGuard } from './auth.guard.ts';
import { Idempotency } from './idempotency.ts';
import { IdempotencyInterceptor } from './idempotency.interceptor.ts';
import { ProblemFilter } from './problem.filter.ts';
import { ValidationPipe } from './validation.pipe.ts';

/** What every route gets: authentication, validation, idempotency, problem answers, checked responses. */
@Global()
@Module({
  controllers: [HealthController, AuditController],
  providers: [
    AuditQueries,
    Idempotency,
    { provide: APP_GUARD, useClass: AuthGuard },
    { provide: APP_PIPE, useClass: ValidationPipe },
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_INTERCEPTOR, useClass: IdempotencyInterceptor }, // outermost: it saves what the serialiser let out
    { provide: APP_INTERCEPTOR, useClass: StandardSchemaSerializerInterceptor },
  ],
  exports: [AuditQueries, Idempotency],
})
export class HttpModule {}
