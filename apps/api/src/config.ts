import { billingEnv } from '@trunkline/billing/server';
import { supplyEnv } from '@trunkline/carriers/server';
import { mailEnv, peopleEnv } from '@trunkline/people/server';
import { documentsEnv, parseConfig } from '@trunkline/platform';
import { portPapersEnv } from '@trunkline/porting/server';
import { z } from 'zod';

const schema = z.object({
  DATABASE_URL: z.url().describe('Postgres as trunkline_app'),
  SYSTEM_DATABASE_URL: z.url().describe('Postgres as trunkline_system'),
  DATABASE_POOL_MAX: z.coerce.number().int().min(2).max(200).default(16),
  API_HOST: z.string().default('127.0.0.1'),
  API_PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  API_DRAIN_MS: z.coerce
    .number()
    .int()
    .min(0)
    .max(10_000)
    .default(1_000)
    .describe('How long it serves on after SIGTERM, not ready: longer than a load balancer takes to notice'),
  TRUSTED_PROXIES: z.string().optional().describe('Addresses or networks, with commas between, whose X-Forwarded-For is believed'),
  TENANT_REQUESTS_PER_SEC: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .default(200)
    .describe('Requests a second of all keys of a tenant together, unless the tenant has a number of its own; one key may use half'),
  OPERATOR_KEY_REQUESTS_PER_SEC: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .default(1_000)
    .describe('Requests a second of one operator’s key'),
  ENCRYPTION_KEY: z.string().min(44).describe('32 bytes, base64'),
  SIP_REALM: z.string().min(1).max(120).default('sip.trunkline.local'),
  ...billingEnv,
  ...peopleEnv,
  ...mailEnv,
  ...supplyEnv,
  OPERATOR_KEY_FILE: z.string().optional().describe('Where the operator’s first key is written, once, readable by the owner only'),
  CALLS_KEPT_MONTHS: z.coerce.number().int().min(3).max(120).default(13).describe('Whole months of calls kept beside the running one'),
  ALLOW_PRIVATE_WEBHOOKS: z.stringbool().default(false).describe('Webhooks may go to private addresses, without TLS: for development only'),
  GRAPHQL_INTROSPECTION: z.stringbool().default(false).describe('Whether GraphQL tells its schema; it is in docs/schema.graphql'),
  ...documentsEnv,
  ...portPapersEnv,
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
});
export type ApiConfig = z.infer<typeof schema>;

export const readConfig = (): ApiConfig => parseConfig(schema, process.env);
