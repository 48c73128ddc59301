import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TEST_ENCRYPTION_KEY } from '@trunkline/testing';
import { startProgram } from '@trunkline/testing/faults';
import type { Program } from '@trunkline/testing/faults';

type Options = {
  readonly database: { readonly appUrl: string; readonly systemUrl: string };
  readonly host: string;
  readonly port: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly folder?: string | undefined; // of another build than this one
};
/** The API as a process of its own. */
export type ApiProcess = { readonly url: string; readonly program: Program; readonly operatorKey: string | undefined };

/** Starts one and waits until it is ready. The first on a database also tells the operator's key. */
export const startApiProcess = async ({ database, host, port, env = {}, folder }: Options): Promise<ApiProcess> => {
  const home = mkdtempSync(join(tmpdir(), 'tl-api-'));
  const keyFile = join(home, 'operator-key');
  const told = {
    DATABASE_URL: database.appUrl,
    SYSTEM_DATABASE_URL: database.systemUrl,
    API_HOST: host,
    API_PORT: String(port),
    TENANT_REQUESTS_PER_SEC: '1000000', // what measures or hammers says so itself
    OPERATOR_KEY_REQUESTS_PER_SEC: '1000000',
    ENCRYPTION_KEY: TEST_ENCRYPTION_KEY,
    STRIPE_API_KEY: 'sk_test_emulator',
    STRIPE_API_URL: 'http://127.0.0.1:9',
    STRIPE_WEBHOOK_SECRET: 'whsec_test_secret',
    OPERATOR_KEY_FILE: keyFile,
    LOG_LEVEL: 'error',
    ...env,
  };
  const program = startProgram('apps/api/src/main.ts', told, folder);
  const url = `http://${host}:${port}`;
  try {
    await program.ready(`${url}/health/ready`);
    return { url, program, operatorKey: keyIn(keyFile) };
  } finally {
    rmSync(home, { recursive: true });
  }
};

const keyIn = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
};

const SCOPES = ['trunks:read', 'trunks:write', 'audit:read'];

/** A tenant with a plan, made through the API. Returns its key. */
export const makeTenant = async ({ url, operatorKey }: ApiProcess): Promise<string> => {
  const post = async (path: string, body: object, headers: Record<string, string> = {}) => {
    const all = { authorization: `Bearer ${operatorKey}`, 'content-type': 'application/json', ...headers };
    const answer = await fetch(`${url}${path}`, { method: 'POST', headers: all, body: JSON.stringify(body) });
    const made = (await answer.json()) as { id: string; secret: string };
    if (answer.status !== 201) throw new Error(`${path}: ${answer.status} ${JSON.stringify(made)}`);
    return made;
  };
  const deck = await post('/v1/decks', { name: 'Deck', currency: 'USD' });
  const fees = { channel_monthly: '1.00', channel_setup: '0.50', number_monthly: '2.00', number_setup: '0.25' };
  const plan = await post('/v1/plans', { name: 'Plan', currency: 'USD', ...fees, outbound_deck_id: deck.id });
  const tenant = await post('/v1/tenants', { name: 'Tenant', country: 'US', currency: 'USD' });
  await post('/v1/plan-assignments', { tenant_id: tenant.id, plan_id: plan.id });
  return (await post('/v1/api-keys', { name: 'test', scopes: SCOPES }, { 'trunkline-tenant': tenant.id })).secret;
};
