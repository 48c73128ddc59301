import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { CompareEntries, CompileEdges, ReadIntent, Recompute, SweepEdges } from '@trunkline/edge/server';
import { Database, Log, SCOPES, Sealer } from '@trunkline/platform';
import { BootstrapOperator } from '@trunkline/tenancy/server';
import { FakeClock, TEST_ENCRYPTION_KEY, createTestDatabase } from '@trunkline/testing';
import type { TestDatabase } from '@trunkline/testing';
import pg from 'pg';
import type { ApiConfig } from '../src/config.ts';
import { createApi } from '../src/create-api.ts';
import { faultsOfEvents } from './event-faults.ts';

type Answer = { status: number; body: any; headers: Record<string, unknown> }; // eslint-disable-line @typescript-eslint/no-explicit-any -- answers are checked field by field
export type Call = (
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE',
  url: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<Answer>;

/** `parent_id` and `allotment` as the API takes them. */
type TenantOptions = { readonly plan?: boolean; readonly parent_id?: string; readonly allotment?: object };

/** A whole API on its own database, called without a socket. */
export class ApiHarness {
  private constructor(
    readonly app: NestFastifyApplication,
    readonly database: TestDatabase,
    readonly clock: FakeClock,
    readonly operator: Call,
    readonly operatorKey: string,
    private readonly sibling: () => Promise<NestFastifyApplication>,
    readonly documentsDir: string,
  ) {}

  /** @param overrides of the configuration, e.g. where the Stripe emulator is */
  static async start(overrides: Partial<ApiConfig> = {}): Promise<ApiHarness> {
    const database = await createTestDatabase();
    const clock = new FakeClock(new Date());
    const documentsDir = mkdtempSync(join(tmpdir(), 'trunkline-documents-'));
    const open = () => createApi({ ...configFor(database, documentsDir), ...overrides }, clock);
    const app = await open();
    const key = await app.get(BootstrapOperator).execute();
    if (!key) throw new Error('the test database already had an operator');
    return new ApiHarness(app, database, clock, caller(app, key), key, open, documentsDir);
  }

  /** A second API on the same database, as behind a load balancer. */
  async startAnother(): Promise<{ as(key: string | undefined): Call; stop(): Promise<void> }> {
    const app = await this.sibling();
    return { as: (key) => caller(app, key), stop: () => app.close() };
  }

  /** Calls with another key, or none. */
  as(key: string | undefined): Call {
    return caller(this.app, key);
  }

  /** A tenant with a plan (unless told otherwise) and a key that may do everything. */
  async tenant(
    name = 'Tenant',
    scopes: readonly string[] = SCOPES,
    { plan = true, ...place }: TenantOptions = {},
  ): Promise<{ id: string; call: Call; key: string }> {
    const { body: tenant } = await this.operator('POST', '/v1/tenants', { name, country: 'US', currency: 'USD', ...place });
    if (plan) await this.operator('POST', '/v1/plan-assignments', { tenant_id: tenant.id, plan_id: (await this.prices()).planId });
    const { body: key } = await this.operator('POST', '/v1/api-keys', { name: 'test', scopes }, { 'trunkline-tenant': tenant.id });
    return { id: tenant.id, key: key.secret, call: this.as(key.secret) };
  }

  /** An edge that has just reported this of the targets it asks. */
  async edgeSaying(targets: { complete: boolean; down: string[]; unknown: string[] }): Promise<void> {
    const owner = new pg.Client({ connectionString: this.database.ownerUrl });
    await owner.connect();
    await owner.query(
      `INSERT INTO edge (id, name, scope, sip_address, enrolled_at, created_at, last_seen_at, status)
       VALUES (gen_random_uuid(), 'saying', 'main', '192.0.2.1:5060', now(), now(), now() + interval '1 hour', $1)`,
      [{ kamailio: 'up', spool_depth: 0, active_calls: 0, bundle: '', targets }],
    );
    await owner.end();
  }

  /** What a worker does when it starts: everything that edges are told is computed. */
  async compileEdges(): Promise<void> {
    const [db, sealer, log] = [this.app.get(Database), this.app.get(Sealer), this.app.get(Log)];
    const reading = new ReadIntent(sealer, this.clock, log);
    const recompute = new Recompute(reading, sealer);
    const compile = new CompileEdges(db, recompute);
    await new SweepEdges(db, this.clock, log, compile, new CompareEntries(reading, sealer), sealer, recompute).execute();
  }

  /** What a worker does when it is woken: what is marked, and nothing else, is computed anew. */
  async compileMarked(): Promise<void> {
    const sealer = this.app.get(Sealer);
    await new CompileEdges(this.app.get(Database), new Recompute(new ReadIntent(sealer, this.clock, this.app.get(Log)), sealer)).execute();
  }

  private madePrices: Promise<{ deckId: string; planId: string }> | undefined;

  /** The deck and plan that all tenants share: calls to +1 at 0.60 a minute (6/6), channels 1.00 a month + 0.50, numbers 2.00 a month + 0.25. */
  prices(): Promise<{ deckId: string; planId: string }> {
    return (this.madePrices ??= this.makePrices());
  }

  private async makePrices(): Promise<{ deckId: string; planId: string }> {
    const { body: deck } = await this.operator('POST', '/v1/decks', { name: 'Test deck', currency: 'USD' });
    await this.operator('POST', `/v1/decks/${deck.id}/versions`, 'prefix,destination,rate,initial,increment\n1,North America,0.60,6,6\n');
    const fees = { channel_monthly: '1.00', channel_setup: '0.50', number_monthly: '2.00', number_setup: '0.25' };
    const { body: plan } = await this.operator('POST', '/v1/plans', {
      name: 'Test plan',
      currency: 'USD',
      ...fees,
      outbound_deck_id: deck.id,
    });
    return { deckId: deck.id, planId: plan.id };
  }

  /** What a run published must be as the catalogue of events says. */
  async stop(): Promise<void> {
    const faults = await this.eventFaults().catch(() => []); // a suite may have taken the database away
    await this.app.close();
    await this.database.drop();
    rmSync(this.documentsDir, { recursive: true, force: true });
    if (faults.length > 0) throw new Error(`events that were published are not as their schemas say: ${faults.join(', ')}`);
  }

  private async eventFaults(): Promise<string[]> {
    const owner = new pg.Client({ connectionString: this.database.ownerUrl });
    await owner.connect();
    const { rows } = await owner.query<{ type: string; payload: object }>(
      'SELECT DISTINCT ON (type, payload) type, payload FROM outbox LIMIT 2000',
    );
    await owner.end();
    const { body } = await this.as(undefined)('GET', '/openapi.json');
    return [...new Set(faultsOfEvents(rows, body.components?.schemas ?? {}))];
  }
}

const configFor = (database: TestDatabase, documentsDir: string): ApiConfig => ({
  DATABASE_URL: database.appUrl,
  SYSTEM_DATABASE_URL: database.systemUrl,
  DATABASE_POOL_MAX: 8,
  API_HOST: '127.0.0.1',
  API_PORT: 0,
  API_DRAIN_MS: 0,
  TENANT_REQUESTS_PER_SEC: 1_000_000,
  OPERATOR_KEY_REQUESTS_PER_SEC: 1_000_000,
  ENCRYPTION_KEY: TEST_ENCRYPTION_KEY,
  SIP_REALM: 'sip.test',
  STRIPE_API_KEY: 'sk_test_emulator',
  STRIPE_API_URL: 'http://127.0.0.1:9',
  STRIPE_WEBHOOK_SECRET: 'whsec_test_secret',
  OPERATOR_KEY_FILE: undefined,
  DOCUMENTS_DIR: documentsDir,
  OPERATOR_NAME: 'Trunkline',
  PUBLIC_URL: 'http://127.0.0.1:3000',
  SIGN_UP: 'approval',
  ALLOW_PRIVATE_SSO: true,
  CALLS_KEPT_MONTHS: 13,
  ALLOW_PRIVATE_WEBHOOKS: false,
  GRAPHQL_INTROSPECTION: false,
  LOG_LEVEL: process.env['LOG_LEVEL'] === 'error' ? 'error' : 'silent',
});

const caller =
  (app: NestFastifyApplication, key: string | undefined): Call =>
  async (method, url, body, headers = {}) => {
    const response = await app.inject({
      method,
      url,
      headers: {
        ...(key ? { authorization: `Bearer ${key}` } : {}),
        ...(typeof body === 'string' ? { 'content-type': 'text/csv' } : {}),
        ...(Buffer.isBuffer(body) ? { 'content-type': 'application/pdf' } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { payload: body as object }),
    });
    return { status: response.statusCode, body: response.body === '' ? undefined : parse(response.body), headers: response.headers };
  };

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};
