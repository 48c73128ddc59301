import type { INestApplicationContext } from '@nestjs/common';
import { TEST_ENCRYPTION_KEY } from '@trunkline/testing';
import type { ApiHarness } from '../../api/test/harness.ts';
import { ROLES } from '../src/config.ts';
import type { WorkerConfig } from '../src/config.ts';
import { createWorker } from '../src/create-worker.ts';

/** A worker in every role beside an API, on its database and by its clock. */
export const startWorker = (
  api: ApiHarness,
  over: Partial<WorkerConfig> & Pick<WorkerConfig, 'GATEWAY_HOST'>,
): Promise<INestApplicationContext> =>
  createWorker(
    {
      DATABASE_URL: api.database.appUrl,
      SYSTEM_DATABASE_URL: api.database.systemUrl,
      DATABASE_POOL_MAX: 8,
      WORKER_FINISH_MS: 15_000,
      WORKER_ROLES: [...ROLES],
      GATEWAY_PORT: 0,
      WORKER_HEALTH_HOST: '127.0.0.1',
      WORKER_HEALTH_PORT: 0,
      EDGE_LOST_AFTER_SECS: 30,
      EDGE_FAILOVER_AFTER_SECS: 120,
      CALLS_KEPT_MONTHS: 13,
      ALLOW_PRIVATE_WEBHOOKS: false,
      DOCUMENTS_DIR: api.documentsDir,
      ENCRYPTION_KEY: TEST_ENCRYPTION_KEY,
      SIP_REALM: 'sip.test',
      STRIPE_API_KEY: 'sk_test_emulator',
      STRIPE_API_URL: 'http://127.0.0.1:9',
      STRIPE_WEBHOOK_SECRET: 'whsec_test_secret',
      LOG_LEVEL: 'silent',
      ...over,
    },
    api.clock,
  );
