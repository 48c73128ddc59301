import { Global, Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { BillingModule, billingConfig } from '@trunkline/billing/server';
import { NumberSupplyModule } from '@trunkline/carriers/server';
import { CdrIntakeModule, CdrJobsModule } from '@trunkline/cdr/server';
import { CdrSink, EdgeWorkerModule } from '@trunkline/edge/server';
import { EmergencyJobsModule } from '@trunkline/emergency/server';
import { IdentityJobsModule } from '@trunkline/identity/server';
import type { Clock } from '@trunkline/kernel';
import { LedgerModule } from '@trunkline/ledger/server';
import { NumberOrdersJobsModule, NumbersJobsModule, SweepQuarantine } from '@trunkline/numbers/server';
import { PeopleWorkerModule, mailConfig } from '@trunkline/people/server';
import { DocumentsModule, HealthController, PlatformModule } from '@trunkline/platform';
import { RegulatoryJobsModule } from '@trunkline/regulatory/server';
import { PortPapersJobsModule, PortingModule } from '@trunkline/porting/server';
import { KycJobsModule, TenancyModule } from '@trunkline/tenancy/server';
import { CredentialExpiry, SIP_REALM, TestCallExpiry } from '@trunkline/trunks/server';
import { WebhookSenderModule } from '@trunkline/webhooks/server';
import { CdrStoreSink } from './cdr-store-sink.ts';
import type { Role, WorkerConfig } from './config.ts';
import { HealthServer } from './health-server.ts';
import { Housekeeping } from './housekeeping.jobs.ts';
import { OutboxLoop } from './outbox-loop.ts';
import { RetryFailed } from './retry-failed.jobs.ts';

@Global()
@Module({})
class SettingsModule {
  static of(config: WorkerConfig): DynamicModule {
    return { module: SettingsModule, providers: [{ provide: SIP_REALM, useValue: config.SIP_REALM }], exports: [SIP_REALM] };
  }
}

/** What the worker process is made of, by its roles. A composition root: no logic. */
@Module({})
export class WorkerModule {
  static of(config: WorkerConfig, clock?: Clock): DynamicModule {
    const plays = (role: Role) => config.WORKER_ROLES.includes(role);
    const platform = PlatformModule.of({
      service: 'worker',
      logLevel: config.LOG_LEVEL,
      database: { appUrl: config.DATABASE_URL, systemUrl: config.SYSTEM_DATABASE_URL, poolMax: config.DATABASE_POOL_MAX },
      jobs: {
        databaseUrl: config.SYSTEM_DATABASE_URL,
        redisUrl: config.REDIS_URL,
        work: plays('jobs'),
        finishMs: config.WORKER_FINISH_MS,
      },
      encryptionKey: config.ENCRYPTION_KEY,
      clock,
    });
    const edges = EdgeWorkerModule.of({
      gateway: plays('gateway') ? { host: config.GATEWAY_HOST, port: config.GATEWAY_PORT } : undefined,
      compiler: plays('compiler'),
      watch: { lostAfterSecs: config.EDGE_LOST_AFTER_SECS, failoverAfterSecs: config.EDGE_FAILOVER_AFTER_SECS },
      cdrSink: { provide: CdrSink, useClass: CdrStoreSink },
      imports: [CdrIntakeModule],
    });
    const billing = BillingModule.of(billingConfig(config));
    return {
      module: WorkerModule,
      imports: [
        platform,
        SettingsModule.of(config),
        TenancyModule,
        KycJobsModule,
        NumberSupplyModule.of(config),
        NumberOrdersJobsModule,
        RegulatoryJobsModule,
        PeopleWorkerModule.of(mailConfig(config), plays('jobs')),
        IdentityJobsModule,
        EmergencyJobsModule,
        LedgerModule,
        billing,
        DocumentsModule.of(config),
        PortingModule,
        PortPapersJobsModule,
        edges,
        CdrJobsModule.of({ keptMonths: config.CALLS_KEPT_MONTHS }),
        NumbersJobsModule,
        WebhookSenderModule.of({ allowPrivate: config.ALLOW_PRIVATE_WEBHOOKS, loop: plays('jobs') }),
      ],
      providers: [
        HealthController,
        HealthServer,
        ...(plays('jobs') ? [CredentialExpiry, Housekeeping, OutboxLoop, RetryFailed, SweepQuarantine, TestCallExpiry] : []),
      ],
    };
  }
}
