import { Module } from '@nestjs/common';
import type { INestApplicationContext } from '@nestjs/common';
import { tenantContext } from '@trunkline/kernel';
import { createTestContext, createTestDatabase } from '@trunkline/testing';
import type { TestDatabase } from '@trunkline/testing';
import pg from 'pg';
import { Rows } from '../../test-support/rows.ts';
import { CompileEdges } from './compile-edges.ts';
import { EdgeProvisioningView } from './provisioning-view.ts';
import { ReadIntent } from './read-intent.ts';
import { Recompute } from './recompute.ts';

@Module({ providers: [CompileEdges, EdgeProvisioningView, ReadIntent, Recompute] })
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
