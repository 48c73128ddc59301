import { randomUUID } from 'node:crypto';
import { Module } from '@nestjs/common';
import type { INestApplicationContext } from '@nestjs/common';
import { compile, decide } from '@trunkline/edge-core';
import { CASES, CASE_EDGE, CASE_NOW_SECS, caseIntent, inputOf, tenantIds, trunkIds } from '@trunkline/edge-core/cases';
import type { CallCase } from '@trunkline/edge-core/cases';
import { tenantContext } from '@trunkline/kernel';
import { createTestContext, createTestDatabase } from '@trunkline/testing';
import type { TestDatabase } from '@trunkline/testing';
import pg from 'pg';
import { SimulateCall } from './simulate-call.ts';
import type { ImaginedCall } from './simulate-call.ts';

@Module({ providers: [SimulateCall] })
class SimulatingModule {}

let database: TestDatabase;
let app: INestApplicationContext;
let owner: pg.Client;
const entries = compile(caseIntent);
const context = (tenantId: string) => tenantContext(tenantId, { type: 'system', id: 'test' }, 'test');
const simulate = (c: CallCase, everything: boolean, tenantId = tenantIds.own) =>
  app.get(SimulateCall).decide(context(tenantId), imagined(c), everything);

beforeAll(async () => {
  database = await createTestDatabase();
  app = await createTestContext(database, [SimulatingModule]);
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  await owner.query(
    `INSERT INTO edge_entry (scope, kind, key, value, version, updated_at) SELECT 'main', k, key, v, 1, now() FROM unnest($1::text[], $2::text[], $3::text[]) AS e (k, key, v)`,
    [entries.map((e) => e.kind), entries.map((e) => e.key), entries.map((e) => e.value)], // prettier-ignore
  );
  await owner.query(`UPDATE edge_scope SET version = 1`);
  await owner.query(
    `INSERT INTO edge (id, name, scope, sip_address, enrolled_at, created_at) VALUES ($1, $2, 'main', $3, now(), now())`,
    [randomUUID(), CASE_EDGE.name, CASE_EDGE.sipAddress], // prettier-ignore
  );
});
afterAll(async () => {
  await app?.close();
  await owner?.end();
  await database?.drop();
});

const imagined = (c: CallCase): ImaginedCall => ({
  direction: 'outbound',
  from: c.fromUser,
  to: c.requestUser,
  assertedIdentity: c.assertedUser,
  trunkId: c.login && trunkIds[c.login],
  sourceAddress: c.source,
  transport: 'udp',
  draw: c.draw ?? 0,
  at: new Date((c.nowSecs ?? CASE_NOW_SECS) * 1000),
  edge: CASE_EDGE.name,
});

it('decides every call of the table as the edge does', async () => {
  const stored = new Map(entries.map((e) => [`${e.kind} ${e.key}`, e.value]));
  for (const c of CASES) {
    const down = c.down ?? [];
    await owner.query(`UPDATE edge SET status = $1`, [{ targets: { complete: true, down, unknown: [] } }]);
    const expected = decide(inputOf(c), (kind, key) =>
      kind === 'meta' ? '1' : kind === 'health' ? (down.includes(key) ? 'down' : null) : (stored.get(`${kind} ${key}`) ?? null),
    );
    expect([c.name, (await simulate(c, true)).decision]).toEqual([c.name, expected]);
  }
});

describe('a tenant', () => {
  const found = (name: string): CallCase => CASES.find((c) => c.name === name)!;

  it('sees its own call decided as an operator does', async () => {
    for (const name of ['E.164 with plus', 'closed country', 'caller ID of another tenant', '911', 'so is its network'])
      expect([name, (await simulate(found(name), false)).decision]).toEqual([name, (await simulate(found(name), true)).decision]);
  });

  it('learns nothing of another’s numbers and addresses, nor where carriers are', async () => {
    const foreign = { ...found('own number, routes by priority'), source: '203.0.113.9' };
    const inbound = (c: CallCase) =>
      app.get(SimulateCall).decide(context(tenantIds.held), { ...imagined(c), direction: 'inbound', sourceAddress: null }, false);
    expect((await inbound(foreign)).decision).toMatchObject({ reason: { code: 'number.unknown' } });
    const nobody = await inbound({ ...foreign, requestUser: '+12129999999' });
    expect((await inbound(foreign)).trace.map((s) => s.found)).toEqual(nobody.trace.map((s) => s.found));
    const address = found('a trunk’s address is its password');
    expect((await simulate(address, false, tenantIds.held)).decision).toEqual({ action: 'challenge' });
    expect((await simulate({ ...address, source: '127.0.21.1' }, false, tenantIds.held)).decision).toEqual({ action: 'challenge' });
  });

  it('is told when the edge has no configuration', async () => {
    await owner.query(`UPDATE edge_scope SET version = 0`);
    expect((await simulate(found('E.164 with plus'), false)).explanation?.says).toContain('has not received its configuration');
    await owner.query(`UPDATE edge_scope SET version = 1`);
  });
});
