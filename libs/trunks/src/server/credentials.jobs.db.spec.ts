import { randomUUID } from 'node:crypto';
import { Module } from '@nestjs/common';
import type { INestApplicationContext } from '@nestjs/common';
import { Sealer } from '@trunkline/platform';
import { tenantContext } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { FakeClock, createTestContext, createTestDatabase } from '@trunkline/testing';
import type { TestDatabase } from '@trunkline/testing';
import pg from 'pg';
import { CreateCredential } from './create-credential.ts';
import { ofTrunk } from './credential-owner.ts';
import type { Credential } from './credentials.sql.ts';
import { CredentialExpiry } from './credentials.jobs.ts';
import { RotateCredential } from './rotate-credential.ts';
import { SIP_REALM, ha1Context } from './sip-password.ts';

@Module({ providers: [CreateCredential, CredentialExpiry, RotateCredential, { provide: SIP_REALM, useValue: 'sip.test' }] })
class CredentialModule {}

const clock = new FakeClock();
let database: TestDatabase;
let app: INestApplicationContext;
let owner: pg.Client;
let ctx: TenantContext;
let trunkId: string;
let credential: Credential;

beforeAll(async () => {
  database = await createTestDatabase();
  app = await createTestContext(database, [CredentialModule], clock);
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
});
beforeEach(async () => {
  const tenantId = randomUUID();
  trunkId = randomUUID();
  ctx = tenantContext(tenantId, { type: 'system', id: 'test' }, 'test');
  await owner.query(
    `INSERT INTO tenant (id, name, country, currency, created_at, updated_at) VALUES ($1, 'T', 'US', 'USD', now(), now())`,
    [tenantId],
  );
  await owner.query(
    `INSERT INTO trunk (tenant_id, id, name, country, channels_max, allowed_countries, inbound_routes, created_at, updated_at)
     VALUES ($1, $2, 'T', 'US', 2, '{}', '[]', now(), now())`,
    [tenantId, trunkId],
  );
  credential = await app.get(CreateCredential).execute(ctx, ofTrunk(trunkId));
});
afterAll(async () => {
  await app?.close();
  await owner?.end();
  await database?.drop();
});

/** The HA1 that the edges are told, the older first. */
const ha1s = async (): Promise<string[]> => {
  const { rows } = await owner.query(`SELECT * FROM trunk_credential WHERE id = $1`, [credential.id]);
  const sealed: (Buffer | null)[] = [rows[0].old_ha1_md5_sealed, rows[0].ha1_md5_sealed];
  return sealed.flatMap((ha1) => (ha1 === null ? [] : [app.get(Sealer).open(ha1, ha1Context(credential.id))]));
};
const rotate = (overlapSecs: number) => app.get(RotateCredential).execute(ctx, ofTrunk(trunkId), credential.id, overlapSecs);
const takeMarks = async (): Promise<number> =>
  (await owner.query(`DELETE FROM edge_dirty WHERE resource_id = $1 RETURNING seq`, [trunkId])).rowCount ?? 0;

it('keeps the old password until its time is over, then forgets it and tells the edges', async () => {
  const [first] = await ha1s();
  await rotate(3600);
  const both = await ha1s();
  expect([both.length, both[0]]).toEqual([2, first]);
  await takeMarks();
  clock.advance({ seconds: 3599 });
  await app.get(CredentialExpiry).process();
  expect([await ha1s(), await takeMarks()]).toEqual([both, 0]);
  clock.advance({ seconds: 1 });
  await app.get(CredentialExpiry).process();
  expect([await ha1s(), await takeMarks()]).toEqual([both.slice(1), 1]);
  await app.get(CredentialExpiry).process();
  expect(await takeMarks()).toBe(0);
});

it('rotated again, ends the oldest at once: never more than two', async () => {
  await rotate(604_800);
  const [, second] = await ha1s();
  await rotate(60);
  const [older, newest] = await ha1s();
  expect([older, newest === second]).toEqual([second, false]);
});

it('without an overlap ends the old password at once', async () => {
  await rotate(3600);
  await rotate(0);
  expect(await ha1s()).toHaveLength(1);
});
