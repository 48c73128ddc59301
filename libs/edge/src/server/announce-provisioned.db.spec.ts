import { Module } from '@nestjs/common';
import type { INestApplicationContext } from '@nestjs/common';
import { createTestContext, createTestDatabase } from '@trunkline/testing';
import type { TestDatabase } from '@trunkline/testing';
import pg from 'pg';
import { Rows } from '../../test-support/rows.ts';
import { AnnounceProvisioned } from './announce-provisioned.ts';
import { CompileEdges } from './compile-edges.ts';
import { ReadIntent } from './read-intent.ts';
import { Recompute } from './recompute.ts';

@Module({ providers: [AnnounceProvisioned, CompileEdges, ReadIntent, Recompute] })
class AnnouncingModule {}

let database: TestDatabase;
let app: INestApplicationContext;
let owner: pg.Client;
let rows: Rows;
beforeAll(async () => {
  database = await createTestDatabase();
  app = await createTestContext(database, [AnnouncingModule]);
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  rows = new Rows(owner, app);
});
afterAll(async () => {
  await app?.close();
  await owner?.end();
  await database?.drop();
});

const compiled = async (): Promise<string> => {
  await app.get(CompileEdges).execute();
  return (await owner.query<{ version: string }>(`SELECT version FROM edge_scope`)).rows[0]!.version;
};
/** What is told once an edge says that it has come so far. */
const told = async (edgeId: string, version: string, lost = false) => {
  await owner.query(`UPDATE edge SET applied_version = $2, lost_at = CASE WHEN $3 THEN now() END WHERE id = $1`, [edgeId, version, lost]);
  await owner.query(`DELETE FROM outbox`);
  await Promise.all([app.get(AnnounceProvisioned).execute(), app.get(AnnounceProvisioned).execute()]);
  const { rows: events } = await owner.query(`SELECT type, tenant_id AS tenant, payload FROM outbox ORDER BY type`);
  return events;
};

it('tells of a change once, when the last edge at work has it', async () => {
  const [first, second] = [await rows.enrolledEdge('first'), await rows.enrolledEdge('second')];
  const tenant = await rows.tenant();
  const trunk = await rows.trunk(tenant);
  await rows.numbers(tenant, trunk, 1);
  const { pool, group } = await rows.channels(tenant, 7);
  const version = await compiled();
  expect(await told(first, version)).toEqual([]);
  expect(await told(second, '1')).toEqual([]);
  const events = await told(second, version);
  expect(events).toMatchObject([
    { type: 'channel_group.provisioned', tenant, payload: { channelGroupId: group, revision: 1 } },
    { type: 'channel_pool.provisioned', tenant, payload: { channelPoolId: pool, channels: 7, revision: 1 } },
    { type: 'number.provisioned', tenant, payload: { e164: '+12020000001', revision: 1 } },
    { type: 'trunk.provisioned', tenant, payload: { trunkId: trunk, revision: 1 } },
  ]);
  expect(await told(second, version)).toEqual([]);

  await rows.changeTrunk(trunk);
  const next = await compiled();
  expect(await told(first, next)).toEqual([]);
  expect(await told(second, version, true)).toMatchObject([{ type: 'trunk.provisioned', payload: { trunkId: trunk, revision: 2 } }]);
});

it('tells of nothing that is gone by then', async () => {
  const tenant = await rows.tenant();
  const trunk = await rows.trunk(tenant);
  await compiled();
  await rows.deleteTrunk(trunk);
  const version = await compiled();
  await owner.query(`UPDATE edge SET lost_at = NULL`);
  await told((await owner.query(`SELECT id FROM edge WHERE name = 'first'`)).rows[0].id, version);
  expect(await told((await owner.query(`SELECT id FROM edge WHERE name = 'second'`)).rows[0].id, version)).toEqual([]);
});
