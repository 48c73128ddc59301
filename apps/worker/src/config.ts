import { billingEnv } from '@trunkline/billing/server';
import { supplyEnv } from '@trunkline/carriers/server';
import { mailEnv } from '@trunkline/people/server';
import { documentsEnv, parseConfig } from '@trunkline/platform';
import { z } from 'zod';

export const ROLES = ['gateway', 'compiler', 'jobs'] as const;
export type Role = (typeof ROLES)[number];

const roles = z
  .string()
  .default(ROLES.join(','))
  .transform((text) => text.split(',').map((r) => r.trim()))
  .pipe(z.array(z.enum(ROLES)).min(1));

const schema = z.object({
  DATABASE_URL: z.url().describe('Postgres as trunkline_app'),
  SYSTEM_DATABASE_URL: z.url().describe('Postgres as trunkline_system'),
  DATABASE_POOL_MAX: z.coerce.number().int().min(2).max(200).default(16),
  REDIS_URL: z
    .url({ protocol: /^rediss?$/ })
    .optional()
    .describe('Where queues are; without it they are in Postgres'),
  WORKER_FINISH_MS: z.coerce.number().int().min(0).max(15_000).default(15_000).describe('What running jobs get to finish after SIGTERM'),
  WORKER_ROLES: roles.describe('What this process does; by default everything'),
  GATEWAY_HOST: z
    .string()
    .default('127.0.0.1')
    .describe('Edges connect here without TLS: keep it on loopback or behind a proxy that has it'),
  GATEWAY_PORT: z.coerce.number().int().min(0).max(65_535).default(3001),
  WORKER_HEALTH_HOST: z.string().default('127.0.0.1').describe('Health and metrics are answered here, to whoever asks'),
  WORKER_HEALTH_PORT: z.coerce.number().int().min(0).max(65_535).default(3002).describe('0 for none'),
  EDGE_LOST_AFTER_SECS: z.coerce
    .number()
    .int()
    .min(20)
    .max(3_600)
    .default(30)
    .describe('An edge that carries no calls for so long is lost'),
  EDGE_FAILOVER_AFTER_SECS: z.coerce
    .number()
    .int()
    .min(20)
    .max(86_400)
    .default(120)
    .describe('The tenants of an edge that is lost for so long move to others'),
  ENCRYPTION_KEY: z.string().min(44).describe('32 bytes, base64'),
  SIP_REALM: z.string().min(1).max(120).default('sip.trunkline.local'),
  ...billingEnv,
  ...mailEnv,
  ...supplyEnv,
  ...documentsEnv,
  CALLS_KEPT_MONTHS: z.coerce.number().int().min(3).max(120).default(13).describe('Whole months of calls kept beside the running one'),
  ALLOW_PRIVATE_WEBHOOKS: z.stringbool().default(false).describe('Webhooks may go to private addresses, without TLS: for development only'),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
});
export type WorkerConfig = z.infer<typeof schema>;

export const readConfig = (): WorkerConfig => parseConfig(schema, process.env);

const verifySchema = z.object({ SYSTEM_DATABASE_URL: schema.shape.SYSTEM_DATABASE_URL });
export const readVerifyConfig = (): z.infer<typeof verifySchema> => parseConfig(verifySchema, process.env);
