import { Module } from '@nestjs/common';
import type { INestApplicationContext } from '@nestjs/common';
import { tenantContext } from '@trunkline/kernel';
import { createTestContext, createTestDatabase } from '@trunkline/testing';
import type { TestDatabase } from '@trunkline/testing';
import pg from 'pg';
import { Rows } from '../../test-support/rows.ts';
import { EdgeChannelsInUseView } from './channels-in-use-view.ts';
import { CompileEdges } from './compile-edges.ts';
import { EdgeProvisioningView } from './provisioning-view.ts';
import { ReadIntent } from './read-intent.ts';
import { Recompute } from './recompute.ts';
import { EdgeRegistrationView } from './registration-view.ts';

@Module({ providers: [CompileEdges, EdgeChannelsInUseView, EdgeProvisioningView, EdgeRegistrationView, ReadIntent, Recompute] })
class ViewModule {}

let database: TestDatabase;
let app: INestApplicationContext;
let owner: pg.Client;
let rows: Rows;
let tenant: string;
let trunk: string;

beforeEach(async () => {
  database = await createTestDatabase();
  app = await createTestContext(database, [ViewModule]);
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  rows = new Rows(owner, app);
  tenant = await rows.tenant();
  trunk = await rows.trunk(tenant);
});
afterEach(async () => {
  await app?.close();
  await owner?.end();
  await database?.drop();
});

const view = async (revision = 1) => {
  const ctx = tenantContext(tenant, { type: 'system', id: 'test' }, 'test');
  return (await app.get(EdgeProvisioningView).of(ctx, 'trunk', [{ id: trunk, revision }])).get(trunk);
};
const compile = () => app.get(CompileEdges).execute();
const acknowledge = (edge: string) =>
  owner.query(`UPDATE edge SET applied_version = (SELECT version FROM edge_scope), applied_at = now() WHERE name = $1`, [edge]);

it('is pending while there is no edge, and while one of them lags', async () => {
  await compile();
  expect(await view()).toEqual({ state: 'pending', edges: [] });
  await rows.enrolledEdge('a');
  await rows.enrolledEdge('b');
  await acknowledge('a');
  expect(await view()).toMatchObject({
    state: 'pending',
    edges: [
      { edge: 'a', appliedRevision: 1 },
      { edge: 'b', appliedRevision: null },
    ],
  });
  await acknowledge('b');
  expect(await view()).toMatchObject({ state: 'applied' });
});

it('is pending for a revision that the edges do not have yet', async () => {
  await rows.enrolledEdge('a');
  await compile();
  await acknowledge('a');
  expect((await view(2))?.state).toBe('pending');
});

it('is pending from the moment a credential is made until the edges have it', async () => {
  await rows.enrolledEdge('a');
  await compile();
  await acknowledge('a');
  expect((await view())?.state).toBe('applied');
  await rows.credential(tenant, trunk, 'alice');
  expect((await view())?.state).toBe('pending');
  await compile();
  expect((await view())?.state).toBe('pending');
  await acknowledge('a');
  expect((await view())?.state).toBe('applied');
});

it.each(['lost_at = now()', `state = 'drained'`])('waits for no edge that has %s, and shows it', async (change) => {
  await rows.enrolledEdge('a');
  await rows.enrolledEdge('b');
  await compile();
  await acknowledge('a');
  expect((await view())?.state).toBe('pending');
  await owner.query(`UPDATE edge SET ${change} WHERE name = 'b'`);
  const shown = await view();
  expect(shown?.state).toBe('applied');
  expect(shown?.edges.map((e) => [e.edge, e.state === 'active'])).toEqual([['a', true], ['b', false]]); // prettier-ignore
  await owner.query(`UPDATE edge SET deleted_at = now() WHERE name = 'b'`);
  expect((await view())?.edges.map((e) => e.edge)).toEqual(['a']);
  await owner.query(`UPDATE edge SET lost_at = now()`);
  expect((await view())?.state).toBe('pending');
});

it('tells how a trunk is registered by its home edge, while that one is heard of', async () => {
  const ctx = tenantContext(tenant, { type: 'system', id: 'test' }, 'test');
  const registration = async () => (await app.get(EdgeRegistrationView).of(ctx, [trunk])).get(trunk);
  const report = { trunk_id: trunk, state: 'failing', sip_code: 403, since: '2026-11-26T12:00:00.000Z' };
  const said = (edge: string, registrations: object[]) =>
    owner.query(`UPDATE edge SET status = $2, last_seen_at = now() WHERE id = $1`, [edge, JSON.stringify({ registrations })]);
  const [home, before] = [await rows.enrolledEdge('a'), await rows.enrolledEdge('b')];
  await owner.query(`UPDATE tenant SET home_edge_id = $1`, [home]);
  await said(before, [{ ...report, state: 'registered', sip_code: 200 }]);
  expect(await registration()).toBeUndefined();
  await said(home, [{ ...report, trunk_id: tenant }, report]);
  expect(await registration()).toEqual({ state: 'failing', sipCode: 403, edge: 'a', since: new Date(report.since) });
  await owner.query(`UPDATE edge SET last_seen_at = now() - interval '1 minute'`);
  expect(await registration()).toBeUndefined();
});

it('tells which channels carry calls now, by all edges that are heard of, if the home edge is one', async () => {
  const ctx = tenantContext(tenant, { type: 'system', id: 'test' }, 'test');
  const pool = trunk;
  const inUse = () => app.get(EdgeChannelsInUseView).of(ctx);
  const use = { tenant_id: tenant, kind: 'shared', pool_id: pool, calls: 2 };
  const said = (edge: string, uses: object[], complete = true) =>
    owner.query(`UPDATE edge SET status = $2, last_seen_at = now() WHERE id = $1`, [
      edge,
      JSON.stringify({ channels: { complete, uses } }),
    ]);
  const [home, before] = [await rows.enrolledEdge('a'), await rows.enrolledEdge('b')];
  await owner.query(`UPDATE tenant SET home_edge_id = $1`, [home]);
  await said(before, [use, { ...use, tenant_id: pool, calls: 9 }]);
  expect(await inUse()).toBeNull();
  await said(home, [use, { ...use, kind: 'trunk', pool_id: null, calls: 1 }]);
  const [shared, own] = [{ poolId: pool, kind: 'shared', calls: 4 }, { poolId: null, kind: 'trunk', calls: 1 }]; // prettier-ignore
  const all = (await inUse()) ?? [];
  expect(all).toHaveLength(2);
  expect(all).toEqual(expect.arrayContaining([shared, own]));
  await said(home, [use], false);
  expect(await inUse()).toBeNull();
});
