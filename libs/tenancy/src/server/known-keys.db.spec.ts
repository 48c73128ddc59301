import { jest } from '@jest/globals';
import type { INestApplicationContext } from '@nestjs/common';
import { systemContext, tenantContext } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Authenticator, Database, sql } from '@trunkline/platform';
import { FakeClock, createTestContext, createTestDatabase } from '@trunkline/testing';
import type { TestDatabase } from '@trunkline/testing';
import { CreateApiKey } from './create-api-key.ts';
import type { NewApiKey } from './create-api-key.ts';
import { CreateTenant } from './create-tenant.ts';
import { RevokeApiKey } from './revoke-api-key.ts';
import { RotateApiKey } from './rotate-api-key.ts';
import { TenancyModule } from './tenancy.module.ts';
import { UpdateApiKey } from './update-api-key.ts';

// Two processes that both know a key, one of which changes it: what the other does once the change is answered.

const ADDRESS = '127.0.0.1';
const clock = new FakeClock('2026-11-26T10:00:00Z');
let database: TestDatabase;
let here: INestApplicationContext;
let there: INestApplicationContext;
let ctx: TenantContext;

beforeAll(async () => {
  database = await createTestDatabase();
  [here, there] = await Promise.all([
    createTestContext(database, [TenancyModule], clock),
    createTestContext(database, [TenancyModule], clock),
  ]);
  const input = { name: 'Acme', country: 'US', currency: 'USD', channelsMax: null, externalReference: null, parentId: null };
  const allotment = { channels: null, numbers: null, tenants: 0 };
  const tenant = await here.get(CreateTenant).execute(systemContext('test'), { ...input, allotment });
  ctx = tenantContext(tenant.id, { type: 'system', id: 'test' }, 'req');
});
afterAll(async () => {
  await Promise.all([here?.close(), there?.close()]);
  await database?.drop();
});

const make = (limits: Partial<NewApiKey> = {}) =>
  here
    .get(CreateApiKey)
    .execute(ctx, { name: 'known', scopes: ['trunks:read', 'trunks:write'], expiresAt: null, allowedNetworks: [], ...limits });
const asked = async (secret: string) =>
  Promise.all([here, there].map((process) => process.get(Authenticator).authenticate(secret, ADDRESS)));
const scopes = async (secret: string) => (await asked(secret)).map((principal) => principal?.kind === 'tenant' && principal.scopes);

it('a revoked key is refused everywhere', async () => {
  const { id, secret } = await make();
  expect(await asked(secret)).toMatchObject([{ tenantId: ctx.tenantId }, { tenantId: ctx.tenantId }]);
  await here.get(RevokeApiKey).execute(ctx, id);
  expect(await asked(secret)).toEqual([undefined, undefined]);
});

it('a narrowed key may no more everywhere', async () => {
  const { id, secret } = await make();
  await scopes(secret);
  await here.get(UpdateApiKey).execute(ctx, id, { scopes: ['trunks:read'] });
  expect(await scopes(secret)).toEqual([['trunks:read'], ['trunks:read']]);
});

it('a replaced secret is refused everywhere, or ends with its overlap', async () => {
  const { id, secret } = await make();
  await asked(secret);
  const second = await here.get(RotateApiKey).execute(ctx, id, 60);
  expect(await asked(secret)).toMatchObject([{ tenantId: ctx.tenantId }, { tenantId: ctx.tenantId }]);
  clock.advance({ seconds: 60 });
  expect(await asked(secret)).toEqual([undefined, undefined]);
  await asked(second.secret);
  await here.get(RotateApiKey).execute(ctx, id, 0);
  expect(await asked(second.secret)).toEqual([undefined, undefined]);
});

it('a known key ends when it expires', async () => {
  const { secret } = await make({ expiresAt: new Date(clock.now().getTime() + 1_000) });
  expect(await asked(secret)).toMatchObject([{ tenantId: ctx.tenantId }, { tenantId: ctx.tenantId }]);
  clock.advance({ seconds: 1 });
  expect(await asked(secret)).toEqual([undefined, undefined]);
});

it('is asked for once in a while, not with each request', async () => {
  const { secret } = await make();
  const ask = jest.spyOn(here.get(Database), 'ask');
  for (let n = 0; n < 50; n += 1) await here.get(Authenticator).authenticate(secret, ADDRESS);
  expect(ask.mock.calls.length).toBeLessThan(50);
  ask.mockRestore();
});

it('the change is there for others while its answer waits', async () => {
  const { id, secret } = await make();
  let isAnswered = false;
  const revoked = here.get(RevokeApiKey).execute(ctx, id);
  const answered = revoked.then(() => (isAnswered = true));
  const state = sql<{ at: Date | null }>('spec-key-revoked', 'SELECT revoked_at AS at FROM api_key WHERE id = $1');
  let at: Date | null = null;
  while (!at) [{ at } = { at }] = await there.get(Database).ask(ctx, state, id);
  expect(isAnswered).toBe(false);
  await answered;
  expect(await asked(secret)).toEqual([undefined, undefined]);
});
