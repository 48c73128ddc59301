import { Module } from '@nestjs/common';
import type { INestApplicationContext } from '@nestjs/common';
import { systemContext } from '@trunkline/kernel';
import { createTestContext, createTestDatabase } from '@trunkline/testing';
import type { TestDatabase } from '@trunkline/testing';
import pg from 'pg';
import { Rows } from '../../test-support/rows.ts';
import { ActivateEdge } from './activate-edge.ts';
import { CompileEdges } from './compile-edges.ts';
import { DeleteEdge } from './delete-edge.ts';
import { DrainEdge } from './drain-edge.ts';
import { EdgeQueries } from './edge-queries.ts';
import { PlaceTenant } from './place-tenant.ts';
import { ReadIntent } from './read-intent.ts';
import { Recompute } from './recompute.ts';
import { TenantHomeQueries } from './tenant-home-queries.ts';
import { WATCH_RULES, WatchEdges } from './watch-edges.ts';

const RULES = { provide: WATCH_RULES, useValue: { lostAfterSecs: 30, failoverAfterSecs: 120 } };
const QUERIES = [EdgeQueries, TenantHomeQueries];

@Module({
  providers: [ActivateEdge, CompileEdges, DeleteEdge, DrainEdge, PlaceTenant, ReadIntent, Recompute, WatchEdges, RULES, ...QUERIES],
})
class HomesModule {}

const operator = systemContext('test');
let database: TestDatabase;
let app: INestApplicationContext;
let owner: pg.Client;
let rows: Rows;
let a: string; // two edges at work
let b: string;

beforeEach(async () => {
  database = await createTestDatabase();
  app = await createTestContext(database, [HomesModule]);
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  rows = new Rows(owner, app);
  [a, b] = [await rows.enrolledEdge('a'), await rows.enrolledEdge('b')];
  await listening('1 hour');
  for (const id of [a, b]) await reports(id);
});
afterEach(async () => {
  await app?.close();
  await owner?.end();
  await database?.drop();
});

const listening = (since: string) =>
  owner.query(
    `INSERT INTO gateway_presence VALUES ('main', now() - $1::interval, now())
     ON CONFLICT (scope) DO UPDATE SET listening_since = excluded.listening_since, listening_at = excluded.listening_at`,
    [since],
  );
/** What the gateway would write: the edge has everything, and says how many calls it has. */
const reports = (id: string, over: object = {}) =>
  owner.query(
    `UPDATE edge SET last_up_at = now(), last_seen_at = now(), applied_version = (SELECT version FROM edge_scope),
       status = jsonb_build_object('applied_version', (SELECT version FROM edge_scope)) || $2 WHERE id = $1`,
    [id, { kamailio: 'up', active_calls: 0, spool_depth: 0, bundle: 'x', ...over }],
  );
const silentFor = (id: string, time: string) => owner.query(`UPDATE edge SET last_up_at = now() - $2::interval WHERE id = $1`, [id, time]);
/** What was moved and drained was so longer ago. */
const secondsPass = async () => {
  await owner.query(`UPDATE edge SET state_at = state_at - interval '10 seconds'`);
  await owner.query(`UPDATE tenant SET home_moved_at = home_moved_at - interval '10 seconds'`);
};
const compile = () => app.get(CompileEdges).execute();
const watch = () => app.get(WatchEdges).execute();
const drain = (id: string) => app.get(DrainEdge).execute(operator, id);
const activate = (id: string, returnTenants = false) => app.get(ActivateEdge).execute(operator, id, { returnTenants });
const place = (tenant: string, edgeId: string, pinned = false) => app.get(PlaceTenant).execute(operator, tenant, { edgeId, pinned });
const remove = (id: string) => app.get(DeleteEdge).execute(operator, id);
const edge = (id: string) => app.get(EdgeQueries).byId(operator, id);
const homeOf = async (tenant: string) => (await app.get(TenantHomeQueries).of(operator, tenant)).edgeId;
/** What the edges are told of a tenant's home. */
const toldHome = async (tenant: string) => {
  const { rows: found } = await owner.query(`SELECT value FROM edge_entry WHERE kind = 'tenant' AND key = $1`, [tenant]);
  return JSON.parse(found[0].value).home?.name;
};
const events = async (type: string) =>
  (await owner.query<{ payload: object }>(`SELECT payload FROM outbox WHERE type = $1 ORDER BY created_at`, [type])).rows.map(
    (r) => r.payload,
  );
const tenantsOn = async (id: string, count: number) => {
  const tenants = [];
  for (let i = 0; i < count; i++) tenants.push(await rows.tenant());
  for (const tenant of tenants) await place(tenant, id);
  await compile();
  return tenants;
};
const codeOf = (promise: Promise<unknown>) => promise.then(() => 'done', (error: { code: string }) => error.code); // prettier-ignore

describe('an edge that is lost', () => {
  it('is noticed, told of once, and told of again when it is back', async () => {
    await silentFor(a, '31 seconds');
    await Promise.all([watch(), watch()]);
    expect((await edge(a)).lostAt).not.toBeNull();
    await reports(a);
    await watch();
    expect((await edge(a)).lostAt).toBeNull();
    expect([await events('edge.lost'), await events('edge.recovered')]).toEqual(Array(2).fill([{ edgeId: a, edge: 'a' }]));
    expect((await owner.query(`SELECT 1 FROM audit_entry WHERE action IN ('edge.lost', 'edge.recovered')`)).rowCount).toBe(2);
  });

  it('keeps its tenants for a while, then they move to those at work, evenly, and are told', async () => {
    const c = await rows.enrolledEdge('c');
    await reports(c);
    const tenants = await tenantsOn(a, 4);
    await silentFor(a, '119 seconds');
    await watch();
    expect(await homeOf(tenants[0]!)).toBe(a);
    await silentFor(a, '121 seconds');
    await watch();
    const homes = await Promise.all(tenants.map(homeOf));
    expect([b, c].map((id) => homes.filter((home) => home === id).length)).toEqual([2, 2]);
    await compile();
    expect(['b', 'c']).toContain(await toldHome(tenants[0]!));
    expect(await events('tenant.home_moved')).toHaveLength(8); // four that were placed, and these
    expect(await events('tenant.home_moved')).toContainEqual(expect.objectContaining({ tenantId: tenants[0], cause: 'lost' }));
    expect((await owner.query(`SELECT data FROM audit_entry WHERE action = 'edge.tenants_moved'`)).rows).toEqual([
      { data: { cause: 'lost', tenants: 4 } },
    ]);
  });

  it('is left although its agent speaks, when its Kamailio is down', async () => {
    const [tenant] = await tenantsOn(a, 1);
    await reports(a, { kamailio: 'down' });
    await silentFor(a, '200 seconds');
    await watch();
    expect(await homeOf(tenant!)).toBe(b);
  });

  it('is not left while no other is at work, nor by a pinned tenant', async () => {
    const [tenant, pinned] = await tenantsOn(a, 2);
    await place(pinned!, a, true);
    for (const id of [a, b]) await silentFor(id, '200 seconds');
    await watch();
    expect(await homeOf(tenant!)).toBe(a);
    await reports(b);
    await watch();
    expect([await homeOf(tenant!), await homeOf(pinned!)]).toEqual([b, a]);
  });

  it('is none when the control plane itself was away', async () => {
    const [tenant] = await tenantsOn(a, 1);
    for (const id of [a, b]) await silentFor(id, '1 hour');
    await listening('5 seconds');
    await reports(b); // the quicker to come back
    await watch();
    expect([(await edge(a)).lostAt, await homeOf(tenant!)]).toEqual([null, a]);
    await owner.query(`UPDATE gateway_presence SET listening_since = now() - interval '2 hours', listening_at = now() - interval '1 hour'`);
    await watch();
    expect((await edge(a)).lostAt).toBeNull();
  });

  it('stays without its tenants when it is back, until an operator brings them back', async () => {
    const [tenant] = await tenantsOn(a, 1);
    await silentFor(a, '200 seconds');
    await watch();
    expect(await codeOf(activate(a, true))).toBe('edge.not_at_work');
    await reports(a);
    await watch();
    expect(await homeOf(tenant!)).toBe(b);
    await activate(a, true);
    expect(await homeOf(tenant!)).toBe(a);
    await compile();
    expect(await toldHome(tenant!)).toBe('a');
  });

  it('gets back its own tenants after they had moved twice, and not those that were placed elsewhere', async () => {
    const c = await rows.enrolledEdge('c');
    const [tenant, placed] = await tenantsOn(a, 2);
    await silentFor(a, '200 seconds');
    await watch();
    await reports(c);
    await place(placed!, c);
    await silentFor(b, '200 seconds');
    await watch();
    expect(await homeOf(tenant!)).toBe(c);
    await reports(a);
    await watch();
    await activate(a, true);
    expect([await homeOf(tenant!), await homeOf(placed!)]).toEqual([a, c]);
  });

  it('gets no new tenants', async () => {
    await silentFor(a, '31 seconds');
    await watch();
    const tenants = [await rows.tenant(), await rows.tenant()];
    await compile();
    expect(await Promise.all(tenants.map(homeOf))).toEqual([b, b]);
  });
});

describe('draining', () => {
  it('sends the tenants to others at once, and ends when the edge knows it and has no call left', async () => {
    const [tenant] = await tenantsOn(a, 1);
    expect((await drain(a)).state).toBe('draining');
    expect(await homeOf(tenant!)).toBe(b);
    const stateAfter = async (report: object) => {
      await reports(a, report);
      await watch();
      return (await edge(a)).state;
    };
    expect(await stateAfter({})).toBe('draining'); // it cannot know yet: nothing was compiled
    await compile();
    await watch();
    expect((await edge(a)).state).toBe('draining'); // it has not applied it
    expect(await stateAfter({ active_calls: 1 })).toBe('draining');
    expect(await stateAfter({ spool_depth: 1 })).toBe('draining');
    expect(await stateAfter({ kamailio: 'down' })).toBe('draining');
    expect(await stateAfter({})).toBe('draining'); // it still takes calls of a tenant that has just left
    await secondsPass();
    expect(await stateAfter({})).toBe('drained');
    expect(await events('edge.drained')).toEqual([{ edgeId: a, edge: 'a' }]);
    expect((await drain(a)).state).toBe('drained');
  });

  it('is refused without a stand-by, with pinned tenants, and before enrolment, and then changes nothing', async () => {
    const [tenant] = await tenantsOn(a, 1);
    await silentFor(b, '31 seconds');
    expect(await codeOf(drain(a))).toBe('edge.no_stand_by');
    await reports(b);
    await place(tenant!, a, true);
    expect(await codeOf(drain(a))).toBe('edge.tenants_pinned');
    expect([(await edge(a)).state, await homeOf(tenant!)]).toEqual(['active', a]);
    await owner.query(`UPDATE edge SET enrolled_at = NULL WHERE id = $1`, [b]);
    expect(await codeOf(drain(b))).toBe('edge.not_enrolled');
  });

  it('needs no stand-by for an edge without tenants', async () => {
    await silentFor(b, '31 seconds');
    expect((await drain(a)).state).toBe('draining');
  });

  it('is undone by activating, which brings tenants back only when told so', async () => {
    const [tenant] = await tenantsOn(a, 1);
    await drain(a);
    expect((await activate(a)).state).toBe('active');
    expect(await homeOf(tenant!)).toBe(b);
    await activate(a, true);
    expect(await homeOf(tenant!)).toBe(a);
  });

  it('of all edges still leaves no tenant without a home', async () => {
    for (const id of [a, b]) await drain(id);
    const tenant = await rows.tenant();
    await compile();
    expect(await homeOf(tenant)).not.toBeNull();
  });
});

describe('placing a tenant', () => {
  it('is refused on an edge that is drained or lost, and for what is not there', async () => {
    const tenant = await rows.tenant();
    await drain(a);
    expect(await codeOf(place(tenant, a))).toBe('edge.not_at_work');
    await silentFor(b, '31 seconds');
    await watch();
    expect(await codeOf(place(tenant, b))).toBe('edge.not_at_work');
    expect(await codeOf(place(tenant, tenant))).toBe('edge.unknown');
    expect(await codeOf(place(a, b))).toBe('resource.not_found');
  });
});

describe('deleting', () => {
  it('is for edges that carry nothing: drained, lost or never enrolled', async () => {
    const [tenant] = await tenantsOn(a, 1);
    expect(await codeOf(remove(a))).toBe('edge.in_use');
    await silentFor(a, '31 seconds');
    await watch();
    expect(await codeOf(remove(a))).toBe('edge.has_tenants');
    await place(tenant!, b);
    await remove(a);
    expect(await codeOf(edge(a))).toBe('resource.not_found');
    expect((await owner.query(`SELECT public_key, enrol_token_hash FROM edge WHERE id = $1`, [a])).rows[0]).toEqual({
      public_key: null,
      enrol_token_hash: null,
    });
    await owner.query(`UPDATE edge SET enrolled_at = NULL WHERE id = $1`, [b]);
    await owner.query(`UPDATE tenant SET home_edge_id = NULL`);
    await remove(b);
  });

  it('frees the name, and forgets who was moved from it', async () => {
    const [tenant] = await tenantsOn(a, 1);
    await drain(a);
    await secondsPass();
    await compile();
    await reports(a);
    await watch();
    await remove(a);
    expect((await app.get(TenantHomeQueries).of(operator, tenant!)).movedFromId).toBeNull();
    await expect(rows.enrolledEdge('a')).resolves.toEqual(expect.any(String));
    await expect(rows.enrolledEdge('a')).rejects.toThrow('edge_name_key');
  });
});
