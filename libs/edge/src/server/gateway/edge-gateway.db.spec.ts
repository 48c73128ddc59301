import type { INestApplicationContext } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { CONTRACT, kindsOf } from '@trunkline/edge-core';
import type { EntryKind } from '@trunkline/edge-core';
import { fromPublicId, systemContext } from '@trunkline/kernel';
import { FakeAgent, FakeClock, createTestContext, createTestDatabase } from '@trunkline/testing';
import type { TestDatabase } from '@trunkline/testing';
import { SIP_REALM } from '@trunkline/trunks/server';
import pg from 'pg';
import { WebSocket } from 'ws';
import { Rows } from '../../../test-support/rows.ts';
import { CreateEdge } from '../create-edge.ts';
import { EdgeQueries } from '../edge-queries.ts';
import { EdgeWorkerModule } from '../edge-worker.module.ts';
import { ResyncEdge } from '../resync-edge.ts';
import { RotateEnrolToken } from '../rotate-enrol-token.ts';
import { CdrSink } from './cdr-sink.ts';
import { EdgeGateway } from './edge-gateway.ts';
import { GatewayPresence } from './gateway-presence.ts';
import { EnrolRoute } from './enrol-route.ts';

/** Keeps lines only when the test lets it. */
class HeldSink extends CdrSink {
  readonly taken: { edgeId: string; lines: readonly string[]; settle: (error?: Error) => void }[] = [];
  private arrived = () => {};

  store(edgeId: string, lines: readonly string[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.taken.push({ edgeId, lines, settle: (error) => (error ? reject(error) : resolve()) });
      this.arrived();
    });
  }

  async batch(n: number) {
    while (this.taken.length <= n) await new Promise<void>((resolve) => (this.arrived = resolve));
    return this.taken[n]!;
  }
}

const operator = systemContext('test');
const clock = new FakeClock();
let sink: HeldSink;
let database: TestDatabase;
let app: INestApplicationContext;
let owner: pg.Client;
let rows: Rows;
let origin: string;
let agents: FakeAgent[];

@Module({
  providers: [CreateEdge, EdgeQueries, ResyncEdge, RotateEnrolToken, { provide: SIP_REALM, useValue: 'sip.test' }],
  exports: [SIP_REALM],
})
class OperatorModule {}

beforeEach(async () => {
  agents = [];
  sink = new HeldSink();
  database = await createTestDatabase();
  const worker = EdgeWorkerModule.of({
    gateway: { host: '127.0.40.1', port: 0 },
    compiler: true,
    watch: { lostAfterSecs: 30, failoverAfterSecs: 120 },
    cdrSink: { provide: CdrSink, useValue: sink },
    imports: [OperatorModule],
  });
  app = await createTestContext(database, [OperatorModule, worker], clock);
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  rows = new Rows(owner, app);
  origin = `http://127.0.40.1:${app.get(EdgeGateway).port}`;
});
afterEach(async () => {
  await Promise.all(agents.map((a) => a.close()));
  await app?.close();
  await owner?.end();
  await database?.drop();
});

const announce = (name = 'a') => app.get(CreateEdge).execute(operator, { name, sipAddress: '127.0.40.2:5060' });
const kept = (agent: FakeAgent): FakeAgent => {
  agents.push(agent);
  return agent;
};
const enrolled = async (name = 'a') => kept(await FakeAgent.enrol(origin, (await announce(name)).enrolToken));
/** An agent that has all there is. */
const synced = async (name = 'a') => {
  const agent = await enrolled(name);
  await agent.connect();
  await agent.until('country', '44', (value) => value !== undefined);
  return agent;
};
const edgeOf = (agent: FakeAgent) => app.get(EdgeQueries).byId(operator, fromPublicId('edge', agent.edgeId)!);
const eventually = async (test: () => Promise<boolean>) => {
  while (!(await test())) await new Promise((r) => setTimeout(r, 5));
};

describe('enrolment', () => {
  it('trades a token once, for the edge it was made for', async () => {
    const edge = await announce();
    const agent = await FakeAgent.enrol(origin, edge.enrolToken);
    expect(fromPublicId('edge', agent.edgeId)).toBe(edge.id);
    const { response } = await FakeAgent.requestEnrolment(origin, edge.enrolToken);
    expect([response.status, await response.json()]).toMatchObject([401, { code: 'edge.enrol_token_unknown' }]);
  });

  it('answers the same trade again while the token would be valid, for an answer may be lost', async () => {
    const { enrolToken: token } = await announce();
    const public_key = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' });
    const trade = () => fetch(`${origin}/enrol`, { method: 'POST', body: JSON.stringify({ token, public_key }) });
    const first = await (await trade()).json();
    expect(await (await trade()).json()).toEqual(first);
    expect((await FakeAgent.requestEnrolment(origin, token)).response.status).toBe(401); // with another key
    expect((await owner.query(`SELECT FROM audit_entry WHERE action = 'edge.enrolled'`)).rowCount).toBe(1);
    clock.advance({ hours: 25 });
    expect((await trade()).status).toBe(401);
  });

  it('does not mind a request that is cut off in its body', async () => {
    const request = Object.assign(new PassThrough(), { method: 'POST', url: '/enrol' });
    const response = { writeHead: () => response, end: () => response };
    const handled = app.get(EnrolRoute).handle(request as never, response as never, () => {});
    request.write('{"token":');
    request.destroy(new Error('aborted'));
    await expect(handled).resolves.toBeUndefined();
  });

  it('refuses an expired token, one that was replaced, and a key of another kind', async () => {
    const edge = await announce();
    const { enrolToken } = await app.get(RotateEnrolToken).execute(operator, edge.id);
    expect((await FakeAgent.requestEnrolment(origin, edge.enrolToken)).response.status).toBe(401);
    const rsa = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' });
    for (const public_key of [rsa, 'nonsense'])
      expect((await fetch(`${origin}/enrol`, { method: 'POST', body: JSON.stringify({ token: enrolToken, public_key }) })).status).toBe(
        400,
      );
    clock.advance({ hours: 25 });
    expect((await FakeAgent.requestEnrolment(origin, enrolToken)).response.status).toBe(401);
  });

  it('answers nothing else, and nobody who sends too much', async () => {
    expect((await fetch(`${origin}/`)).status).toBe(404);
    expect((await fetch(`${origin}/enrol`, { method: 'POST', body: 'x'.repeat(10_000) })).status).toBe(400);
  });

  it('gives the tenants that waited for an edge their home', async () => {
    const tenant = await rows.tenant();
    const agent = await synced('fra-1');
    await agent.until('tenant', tenant, (value) => JSON.parse(value ?? 'null')?.home?.name === 'fra-1');
  });

  it('sends away whoever holds the former key', async () => {
    const agent = await synced();
    const before = (await edgeOf(agent)).keyEnrolledAt;
    const { enrolToken } = await app.get(RotateEnrolToken).execute(operator, fromPublicId('edge', agent.edgeId)!);
    await FakeAgent.enrol(origin, enrolToken);
    expect((await agent.next('refused')).code).toBe('edge.enrolled_again');
    const { enrolledAt, keyEnrolledAt, keyAgeSecs } = await edgeOf(agent);
    expect([enrolledAt, keyAgeSecs]).toEqual([clock.now(), 0]);
    expect(keyEnrolledAt?.getTime()).toBeGreaterThan(before?.getTime() ?? Infinity);
    const old = kept(agent.twin());
    await old.open();
    expect((await old.next('refused')).code).toBe('edge.not_proved');
  });
});

it('hangs up on who reports under a key that another gateway has replaced', async () => {
  const agent = await synced();
  await owner.query(`UPDATE edge SET public_key = 'another', applied_version = 0`);
  agent.report();
  await agent.closed();
});

describe('who is let in', () => {
  it('refuses a wrong key and an unknown edge alike', async () => {
    const agent = await enrolled();
    const thief = kept(agent.twin(generateKeyPairSync('ed25519').privateKey));
    await thief.open();
    const refusal = await thief.next('refused');
    await thief.closed();
    await owner.query(`DELETE FROM audit_entry; DELETE FROM edge`);
    await agent.open();
    expect([refusal.code, await agent.next('refused')]).toEqual(['edge.not_proved', refusal]);
  });

  it('refuses a stranger who sends much before it proves anything', async () => {
    const socket = new WebSocket(origin.replace('http', 'ws'));
    await new Promise((resolve) => socket.once('open', resolve));
    socket.send('x'.repeat(100_000));
    const [code] = (await once(socket, 'message')) as [Buffer];
    expect(JSON.parse(String(code))).toMatchObject({ type: 'refused', code: 'edge.not_proved' });
    await once(socket, 'close');
  });

  it('serves an agent of the contract before, and keeps from it what it cannot read', async () => {
    const agent = await enrolled();
    agent.contract = CONTRACT - 1;
    agent.kinds = kindsOf(CONTRACT - 1);
    await agent.connect();
    await agent.until('country', '44', (value) => value !== undefined);
    expect([...agent.entries.keys()].every((id) => agent.kinds.includes(id.split(' ')[0] as EntryKind))).toBe(true);
    const tenant = await rows.tenant();
    await agent.until('tenant', tenant, (value) => value !== undefined);
    agent.report();
    agent.report();
    agent.report({ active_calls: 7 });
    await eventually(async () => (await edgeOf(agent)).status?.active_calls === 7);
    expect(await edgeOf(agent)).toMatchObject({ contract: CONTRACT - 1, agentVersion: 'fake', refusedCode: null, drifts: 0 });
  });

  it.each([CONTRACT + 1, CONTRACT - 2])('refuses contract %i, and shows why', async (contract) => {
    const agent = await enrolled();
    agent.contract = contract;
    await agent.open();
    expect((await agent.next('refused')).code).toBe('edge.contract_unknown');
    await agent.closed();
    expect(await edgeOf(agent)).toMatchObject({ contract, refusedCode: 'edge.contract_unknown', connected: false });
    agent.contract = CONTRACT;
    await agent.connect();
    expect(await edgeOf(agent)).toMatchObject({ contract: CONTRACT, agentVersion: 'fake', refusedCode: null, refusedAt: null });
  });

  it('shows nothing about an edge that somebody else said in its name', async () => {
    const agent = await enrolled();
    const thief = kept(agent.twin(generateKeyPairSync('ed25519').privateKey));
    thief.contract = 99;
    await thief.open();
    expect((await thief.next('refused')).code).toBe('edge.not_proved');
    expect(await edgeOf(agent)).toMatchObject({ contract: null, refusedCode: null });
    await agent.connect();
  });

  it('lets in an agent that says more than it knows', async () => {
    const agent = await enrolled();
    agent.hello = { mood: 'good', agent_version: '9.9.9' };
    await agent.connect();
    expect((await edgeOf(agent)).agentVersion).toBe('9.9.9');
  });

  it.each(['no JSON', '{"type":"applied","version":"1"}', '{"type":"other"}'])('hangs up on %s', async (text) => {
    const agent = await enrolled();
    await agent.connect();
    agent.sendText(text);
    expect((await agent.next('refused')).code).toBe('edge.malformed_message');
    await agent.closed();
  });

  it('hangs up on who speaks before the proof', async () => {
    const agent = await enrolled();
    await agent.open();
    agent.report();
    expect((await agent.next('refused')).code).toBe('edge.unexpected_message');
  });

  it('keeps one connection an edge, the newer', async () => {
    const agent = await synced();
    const again = kept(agent.twin());
    await again.connect();
    expect((await agent.next('refused')).code).toBe('edge.replaced');
    await agent.closed();
    await again.until('country', '44', (value) => value !== undefined);
    const tenant = await rows.tenant();
    await again.until('tenant', tenant, (value) => value !== undefined);
  });
});

describe('configuration', () => {
  it('welcomes with the realm, and sends the full set to an edge that has nothing', async () => {
    const tenant = await rows.tenant();
    await rows.numbers(tenant, await rows.trunk(tenant), 2_500);
    await eventually(async () => (await owner.query(`SELECT 1 FROM edge_dirty`)).rowCount === 0);
    const agent = await enrolled();
    expect(await agent.connect()).toMatchObject({ realm: 'sip.test', edge_name: 'a' });
    const part = await agent.next('entries');
    expect([part.reset, part.last, part.entries.length]).toEqual([true, false, 1_000]);
    await agent.until('number', '12020002500', (value) => value !== undefined);
    await eventually(async () => (await edgeOf(agent)).appliedVersion === BigInt(agent.cursor));
  });

  it('sends a change at once, and counts as applied what was acknowledged', async () => {
    const agent = await synced();
    const trunk = await rows.trunk(await rows.tenant());
    await agent.until('trunk', trunk, (value) => value !== undefined);
    await rows.deleteTrunk(trunk);
    await agent.until('trunk', trunk, (value) => value === undefined);
    await eventually(async () => (await edgeOf(agent)).appliedVersion === BigInt(agent.cursor));
    expect((await edgeOf(agent)).desiredVersion).toBe(BigInt(agent.cursor));
  });

  it('believes no acknowledgement of what it never sent', async () => {
    const agent = await synced();
    await eventually(async () => (await edgeOf(agent)).appliedVersion === BigInt(agent.cursor));
    agent.send({ type: 'applied', version: agent.cursor + 1_000 });
    agent.report();
    await eventually(async () => (await edgeOf(agent)).status !== null);
    expect((await edgeOf(agent)).appliedVersion).toBe(BigInt(agent.cursor));
  });

  it('sends only what changed to an edge that comes back', async () => {
    const agent = await synced();
    await agent.close();
    const tenant = await rows.tenant();
    await eventually(async () => (await owner.query(`SELECT 1 FROM edge_entry WHERE key = $1`, [tenant])).rowCount === 1);
    await agent.connect();
    const part = await agent.next('entries');
    expect([part.reset, part.entries.map((e) => e.key)]).toEqual([false, [tenant]]);
  });

  it.each(['behind the floor', 'ahead of a restored database'])('sends the full set to an edge that is %s', async (where) => {
    const agent = await synced();
    await agent.close();
    agent.entries.set('number 1', 'left over');
    if (where === 'behind the floor') await owner.query(`UPDATE edge_scope SET floor = version + 1, version = version + 1`);
    else agent.cursor += 1_000;
    await agent.connect();
    await agent.until('number', '1', (value) => value === undefined);
    expect(agent.entries.has('country 44')).toBe(true);
  });

  it('sends everything to an edge that has drifted, once two reports show it', async () => {
    const agent = await synced();
    agent.entries.set('number 1', 'damage');
    agent.report();
    agent.report();
    await agent.until('number', '1', (value) => value === undefined);
    await eventually(async () => (await edgeOf(agent)).resyncs === 1);
    expect(await edgeOf(agent)).toMatchObject({ driftKinds: ['number'], drifts: 1, driftedAt: expect.any(Date), resyncRequestedAt: null });
    expect((await owner.query(`SELECT payload FROM outbox WHERE type = 'edge.drifted'`)).rows).toEqual([
      { payload: { edge: 'a', edgeId: (await edgeOf(agent)).id, kinds: ['number'] } },
    ]);
    agent.report();
    agent.report();
    await eventually(async () => (await edgeOf(agent)).connected);
    expect((await edgeOf(agent)).status).toMatchObject({ kamailio: 'up', bundle: 'fake' });
  });

  it('keeps what the edge says of its targets', async () => {
    const agent = await synced();
    const targets = { complete: true, down: ['192.0.2.9:5060'], unknown: [] };
    agent.report({ targets });
    await eventually(async () => (await edgeOf(agent)).status !== null);
    expect((await edgeOf(agent)).status).toMatchObject({ targets });
  });
});

describe('an operator', () => {
  const askResync = async (agent: FakeAgent) => app.get(ResyncEdge).execute(operator, (await edgeOf(agent)).id);

  it('has everything sent again to an edge that is connected', async () => {
    const agent = await synced();
    agent.entries.set('number 1', 'left over');
    expect((await askResync(agent)).resyncRequestedAt).not.toBeNull();
    await agent.until('number', '1', (value) => value === undefined);
    await eventually(async () => (await edgeOf(agent)).resyncs === 1);
    expect(await edgeOf(agent)).toMatchObject({ resyncRequestedAt: null, resyncedAt: expect.any(Date), drifts: 0 });
    expect((await owner.query(`SELECT 1 FROM audit_entry WHERE action = 'edge.resync_requested'`)).rowCount).toBe(1);
  });

  it('and to one that is away, once, when it comes', async () => {
    const agent = await synced();
    await agent.close();
    await askResync(agent);
    await askResync(agent);
    agent.entries.set('number 1', 'left over');
    await agent.connect();
    await agent.until('number', '1', (value) => value === undefined);
    await eventually(async () => (await edgeOf(agent)).resyncRequestedAt === null);
    expect((await edgeOf(agent)).resyncs).toBe(1);
  });

  it('sees how far behind an edge is', async () => {
    const agent = await synced();
    await eventually(async () => (await edgeOf(agent)).appliedVersion === BigInt(agent.cursor));
    expect((await edgeOf(agent)).lagSecs).toBe(0);
    agent.acknowledges = false;
    const tenant = await rows.tenant();
    await agent.until('tenant', tenant, (value) => value !== undefined);
    await owner.query(`UPDATE edge_entry SET updated_at = updated_at - interval '90 seconds' WHERE key = $1`, [tenant]);
    const edge = await edgeOf(agent);
    expect([edge.desiredVersion - edge.appliedVersion, Math.floor(edge.lagSecs / 10)]).toEqual([1n, 9]);
  });

  it('writes down that somebody listens, without a gap or since a moment ago', async () => {
    const presence = async () => (await owner.query(`SELECT * FROM gateway_presence`)).rows[0];
    await eventually(async () => (await presence()) !== undefined);
    await owner.query(
      `UPDATE gateway_presence SET listening_since = now() - interval '1 hour', listening_at = now() - interval '10 seconds'`,
    );
    await app.get(GatewayPresence).note();
    expect(Date.now() - (await presence()).listening_at).toBeLessThan(9_000);
    expect(Date.now() - (await presence()).listening_since).toBeGreaterThan(3_000_000);
    await owner.query(`UPDATE gateway_presence SET listening_at = now() - interval '16 seconds'`);
    await app.get(GatewayPresence).note();
    expect(Date.now() - (await presence()).listening_since).toBeLessThan(60_000);
  });
});

describe('CDR batches', () => {
  it('are acknowledged after they are stored, one after the other', async () => {
    const agent = await synced();
    const stored: number[] = [];
    void agent.next('cdrs_stored').then((m) => stored.push(m.batch));
    agent.sendCdrs(1, ['line 1', 'line 2']);
    agent.sendCdrs(2, ['line "3"']);
    const first = await sink.batch(0);
    expect([first.edgeId, first.lines]).toEqual([fromPublicId('edge', agent.edgeId), ['line 1', 'line 2']]);
    agent.report(); // something later that is answered while the batch is held
    await eventually(async () => (await edgeOf(agent)).status !== null);
    expect([stored, sink.taken.length]).toEqual([[], 1]);
    first.settle();
    const second = await sink.batch(1);
    await eventually(async () => stored.length === 1);
    second.settle();
    expect((await agent.next('cdrs_stored')).batch).toBe(2);
  });

  it('are not acknowledged when they cannot be stored, and may come again', async () => {
    const agent = await synced();
    agent.sendCdrs(1, ['x']);
    (await sink.batch(0)).settle(new Error('database away'));
    agent.sendCdrs(2, ['x']);
    (await sink.batch(1)).settle();
    expect((await agent.next('cdrs_stored')).batch).toBe(2);
  });

  it('are refused when they are no gzip', async () => {
    const agent = await synced();
    agent.send({ type: 'cdrs', batch: 1, lines: 'nonsense' });
    expect((await agent.next('refused')).code).toBe('edge.malformed_message');
  });

  it('that are being stored are finished before the gateway ends', async () => {
    const agent = await synced();
    agent.sendCdrs(1, ['x']);
    const batch = await sink.batch(0);
    const closing = app.close();
    batch.settle();
    expect((await agent.next('cdrs_stored')).batch).toBe(1);
    await closing;
  });
});

describe('a test call', () => {
  const order = async (tenantId: string, trunkId: string): Promise<string> => {
    const { rows: made } = await owner.query(
      `INSERT INTO test_call (tenant_id, id, trunk_id, target, from_number, to_number, talk_secs, created_at)
       VALUES ($1, gen_random_uuid(), $2, 'number', NULL, '+12025550100', 5, now()) RETURNING id`,
      [tenantId, trunkId],
    );
    await owner.query(`SELECT pg_notify('test_call', '')`);
    return made[0].id;
  };
  const stored = async (id: string) => (await owner.query(`SELECT * FROM test_call WHERE id = $1`, [id])).rows[0];

  it('is placed by the tenant’s home edge, once, and what came of it is kept', async () => {
    const agent = await synced();
    const tenantId = await rows.tenant();
    const trunkId = await rows.trunk(tenantId);
    await agent.until('trunk', trunkId, (value) => value !== undefined);
    const id = await order(tenantId, trunkId);
    expect(await agent.next('test_call')).toMatchObject({
      id,
      trunk_id: trunkId,
      target: 'number',
      to: '+12025550100',
      codecs: ['pcma', 'pcmu'],
    });
    const result = { reason: null, answered: true, post_dial_delay_ms: 80, duration_ms: 5000, media_packets: 250, sip_call_id: 'c' };
    const tell = (sip_code: number, of = id) => agent.send({ type: 'test_call_result', id: of, sip_code, ...result });
    tell(200);
    await eventually(async () => (await stored(id)).state === 'completed');
    tell(486); // told again
    const next = await order(tenantId, trunkId);
    expect((await agent.next('test_call')).id).toBe(next);
    tell(404, next);
    await eventually(async () => (await stored(next)).state === 'completed');
    expect(await stored(id)).toMatchObject({ sip_code: 200, answered: true, media_packets: 250, edge_name: 'a' });
  });
});
