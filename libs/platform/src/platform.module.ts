import { Global, Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Clock, SystemClock } from '@trunkline/kernel';
import { ENCRYPTION_KEY, Sealer } from './crypto/sealer.ts';
import { DATABASE_CONFIG, Database } from './db/database.ts';
import type { DatabaseConfig } from './db/database.ts';
import { JOBS_CONFIG, Jobs } from './jobs/jobs.ts';
import type { JobsConfig } from './jobs/jobs.ts';
import { OutboxRelay } from './outbox/relay.ts';
import { Log } from './telemetry/log.ts';
import { Metrics } from './telemetry/metrics.ts';
import { DRAIN_MS, Shutdown } from './telemetry/shutdown.ts';

export type PlatformConfig = {
  readonly service: string;
  readonly logLevel: string;
  readonly database: DatabaseConfig;
  readonly jobs: JobsConfig;
  readonly encryptionKey: string;
  readonly clock?: Clock | undefined;
  /** How long it serves on when it is told to end; absent: not at all. */
  readonly drainMs?: number;
};

/** The plumbing every process has. */
@Global()
@Module({})
export class PlatformModule {
  static of(config: PlatformConfig): DynamicModule {
    return {
      module: PlatformModule,
      imports: [DiscoveryModule],
      providers: [
        { provide: Log, useValue: new Log(config.service, config.logLevel) },
        { provide: Clock, useValue: config.clock ?? new SystemClock() },
        { provide: DATABASE_CONFIG, useValue: config.database },
        { provide: JOBS_CONFIG, useValue: config.jobs },
        { provide: DRAIN_MS, useValue: config.drainMs ?? 0 },
        { provide: ENCRYPTION_KEY, useValue: config.encryptionKey },
        {
          provide: OutboxRelay,
          useFactory: (db: Database, jobs: Jobs, log: Log) => new OutboxRelay(db, jobs, log),
          inject: [Database, Jobs, Log],
        },
        Database,
        Metrics,
        Jobs,
        Sealer,
        Shutdown,
      ],
      exports: [Log, Clock, DATABASE_CONFIG, Database, Metrics, Jobs, ENCRYPTION_KEY, Sealer, Shutdown, OutboxRelay],
    };
  }
}
