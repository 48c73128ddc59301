import { Global, Module } from '@nestjs/common';
import type { INestApplicationContext } from '@nestjs/common';
import { BandwidthPortingCarrier, REAL_PORTING_CARRIERS, TelnyxPortingCarrier } from '@trunkline/carriers/server';
import type { RealPortingCarriers } from '@trunkline/carriers/server';
import { CdrSink, EdgeWorkerModule } from '@trunkline/edge/server';
import { newId, systemContext, tenantContext } from '@trunkline/kernel';
import type { E164, TenantContext } from '@trunkline/kernel';
import { RatingModule } from '@trunkline/rating/server';
import { CreateTenant, TenancyModule } from '@trunkline/tenancy/server';
import {
  FakeClock,
  createTestContext,
  createTestDatabase,
  movePort,
  startBandwidthEmulator,
  startTelnyxEmulator,
  tellRecord,
} from '@trunkline/testing';
import type { BandwidthEmulator, TelnyxEmulator, TestDatabase } from '@trunkline/testing';
import pg from 'pg';
import { CarrierAsks } from './carrier-asks.ts';
import { CheckPortProject } from './check-port-project.ts';
import { CreatePortProject } from './create-port-project.ts';
import { PortDates } from './port-dates.ts';
import { PortQueries } from './port-queries.ts';
import { PortingModule } from './porting.module.ts';
import { ReconcilePort } from './reconcile-port.ts';
import { SendPort } from './send-port.ts';
import { SweepPorts } from './sweep-ports.ts';
import { UpdatePortOrder } from './update-port-order.ts';

// What real carriers tell before an order goes to them and beside it, through their own HTTP.
const NOW = '2026-03-02T16:00:00Z';
const FIELDS = { account_number: 'A1', subscriber_name: 'Ann Lee', postal_code: '10118', signer_name: 'Ann Lee' };
let database: TestDatabase;
let owner: pg.Client;
let telnyx: TelnyxEmulator;
let bandwidth: BandwidthEmulator;

beforeAll(async () => {
  [database, telnyx, bandwidth] = await Promise.all([createTestDatabase(), startTelnyxEmulator(), startBandwidthEmulator()]);
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
});
afterAll(async () => {
  await Promise.all([telnyx?.stop(), bandwidth?.stop(), owner?.end()]);
  await database?.drop();
});

type World = { app: INestApplicationContext; clock: FakeClock; ann: TenantContext };
const world = async (name: 'telnyx' | 'bandwidth'): Promise<World> => {
  const clock = new FakeClock(NOW);
  const { accountId, user, password, url } = bandwidth;
  const first =
    name === 'telnyx'
      ? new TelnyxPortingCarrier({ apiKey: 'KEY', url: telnyx.url, timeoutMs: 2_000 }, clock)
      : new BandwidthPortingCarrier({ accountId, user, password, siteId: '1', url, timeoutMs: 2_000 }, clock);
  const carriers: RealPortingCarriers = { first, all: [first] };
  @Global()
  @Module({ providers: [{ provide: REAL_PORTING_CARRIERS, useValue: carriers }], exports: [REAL_PORTING_CARRIERS] })
  class SettingsModule {}
  const edges = EdgeWorkerModule.of({
    gateway: undefined,
    compiler: false,
    watch: { lostAfterSecs: 30, failoverAfterSecs: 60 },
    cdrSink: { provide: CdrSink, useValue: { store: () => Promise.reject(new Error('no calls here')) } },
    imports: [],
  });
  const app = await createTestContext(database, [TenancyModule, RatingModule, SettingsModule, PortingModule, edges], clock);
  const input = { name, country: 'US', currency: 'USD', channelsMax: null, parentId: null, externalReference: null };
  const { id } = await app.get(CreateTenant).execute(systemContext('test'), input);
  return { app, clock, ann: tenantContext(id, { type: 'api_key', id: newId() }, 'req_test') };
};
/** An order that the carrier looked at. */
const checked = async (
  { app, ann }: World,
  numbers: readonly string[],
  fields: Readonly<Record<string, string>> = FIELDS,
): Promise<string> => {
  const project = await app
    .get(CreatePortProject)
    .execute(ann, { numbers: numbers as E164[], trunkId: null, fields, pin: '4711', externalReference: null });
  await app.get(CheckPortProject).execute(ann, project.id);
  const [order] = (await app.get(PortQueries).orders(ann, { limit: 10, projectId: project.id })).data;
  await app.get(SendPort).execute(ann.tenantId, order!.id);
  return order!.id;
};
const told = async (id: string): Promise<unknown> =>
  (
    await owner.query(`SELECT count(*)::int AS n FROM outbox WHERE type = 'port_order.record_told' AND payload ->> 'portOrderId' = $1`, [
      id,
    ])
  ).rows[0]?.n;

describe('Telnyx', () => {
  let all: World;
  beforeAll(async () => void (all = await world('telnyx')));
  afterAll(() => all?.app.close());
  const order = (id: string) => all.app.get(PortQueries).order(all.ann, id);
  const sweep = () => all.app.get(SweepPorts).execute();
  const recordsOf = (number: string) => telnyx.beforehand.records.filter((r) => r.phone_number === number);

  it('has the losing carrier asked for its record, asks after it, and puts it beside the order', async () => {
    telnyx.beforehand.coverages.set('+12125550101', ['account_number']);
    const id = await checked(all, ['+12125550101']);
    expect(await order(id)).toMatchObject({ recordState: 'asked', comparison: null });
    all.clock.advance({ seconds: 60 });
    await sweep();
    expect(await order(id)).toMatchObject({ recordState: 'asked', comparison: null });
    const [record] = recordsOf('+12125550101');
    const result = { admin: { name: 'Ann Miller', account_number: 'A1' }, associated_phone_numbers: ['+12125550101', '+12125550102'] };
    tellRecord(telnyx.beforehand, record!.id, { status: 'completed', result });
    await sweep();
    expect((await order(id)).recordState).toBe('asked'); // it is not asked after all the time
    all.clock.advance({ seconds: 120 });
    for (const _ of [1, 2]) await sweep();
    const { recordState, comparison } = await order(id);
    expect(recordState).toBe('told');
    expect(comparison?.staying).toEqual(['+12125550102']);
    expect(comparison?.lines).toContainEqual({ field: 'subscriber_name', ours: 'Ann Lee', theirs: 'Ann Miller', same: false });
    expect(comparison?.lines).toContainEqual({ field: 'account_number', ours: 'A1', theirs: 'A1', same: true });
    expect([recordsOf('+12125550101').length, await told(id)]).toEqual([1, 1]);
  });

  it('asks once more when the order tells what the losing carrier wants to know first', async () => {
    telnyx.beforehand.coverages.set('+12125550103', ['account_number']);
    const { account_number: _, ...rest } = FIELDS;
    const id = await checked(all, ['+12125550103'], rest);
    expect(await order(id)).toMatchObject({ recordState: 'untold', recordReason: expect.stringContaining('account_number') });
    await sweep();
    expect(recordsOf('+12125550103')).toEqual([]);
    await all.app.get(UpdatePortOrder).execute(all.ann, id, { fields: { account_number: 'A1' } });
    await sweep();
    expect([(await order(id)).recordState, recordsOf('+12125550103').length]).toEqual(['asked', 1]);
  });

  it('stops no port: neither by silence, nor for ever', async () => {
    const [quiet, away] = [await checked(all, ['+12125550104']), '+12125550105'];
    expect(await order(quiet)).toMatchObject({ state: 'incomplete', recordState: 'untold', recordReason: 'The carrier is not covered' });
    telnyx.beforehand.coverages.set(away, []);
    const id = await checked(all, [away]);
    for (let days = 0; days < 4; days++) {
      all.clock.advance({ days: 1 });
      await sweep();
    }
    expect(await order(id)).toMatchObject({ recordState: 'untold', recordReason: 'The losing carrier did not answer', recordDueAt: null });
  });

  it('asks of ports what countries do not: it is a fault of the order until it is told, and what nobody has a field for is shown', async () => {
    const before = await checked(all, ['+12125550106']);
    telnyx.beforehand.requirements.set('US local', [
      { id: 'a', name: 'Latest invoice', type: 'document', description: 'Of the last month' },
      { id: 'b', name: 'Proof of identity', type: 'document', description: 'Of the signer' },
    ]);
    const id = await checked(all, ['+12125550107']);
    const faults = async (of: string) => (await order(of)).faults.map(({ pointer }) => pointer);
    expect(await faults(before)).toEqual(['/documents/letter_of_authority']);
    expect(await faults(id)).toEqual(['/documents/bill', '/documents/letter_of_authority']);
    expect((await order(id)).carrierAsks).toContainEqual({
      kind: 'document',
      name: null,
      label: 'Proof of identity',
      help: 'Of the signer',
    });
    telnyx.mood = 'failing';
    expect(await all.app.get(CarrierAsks).of({ country: 'US', type: 'local' })).toEqual([]);
    telnyx.mood = 'well';
  });

  it('names times for an order that it has: the later of the calendar’s date and its own counts', async () => {
    const id = await checked(all, ['+12125550108']);
    const ref = 'b1d2'; // what is theirs to tell of an order, however it came there
    telnyx.ports.orders.push({ id: ref, status: { value: 'foc-date-confirmed', details: [] }, updated_at: NOW, phone_numbers: [] });
    telnyx.ports.focWindows.push({ started_at: '2026-03-16T15:00:00Z', ended_at: '2026-03-16T23:00:00Z' });
    await owner.query(
      `INSERT INTO port_event (tenant_id, order_id, sequence, event, numbers, data, state, actor_type, actor_id, at)
       VALUES ($1, $2, 50, 'sent', '{}', $3, 'submitted', 'system', 'test', now())`,
      [all.ann.tenantId, id, JSON.stringify({ carrierRef: `telnyx:${ref}` })],
    );
    await owner.query(`UPDATE port_order SET carrier_ref = $2 WHERE id = $1`, [id, `telnyx:${ref}`]);
    const { earliestAt, windows } = await all.app.get(PortDates).of(all.ann, id);
    expect([earliestAt?.toISOString(), windows.length]).toEqual(['2026-03-16T15:00:00.000Z', 1]);
    movePort(telnyx.ports, ref, { messaging: { messaging_port_status: 'pending' } });
    for (const _ of [1, 2]) await all.app.get(ReconcilePort).execute(all.ann.tenantId, id);
    expect((await order(id)).messaging).toBe('pending');
    const history = await all.app.get(PortQueries).history(all.ann, id);
    expect(history.filter((e) => e.event === 'messaging_changed')).toHaveLength(1);
    telnyx.mood = 'failing';
    expect((await all.app.get(PortDates).of(all.ann, id)).windows).toEqual([]);
    telnyx.mood = 'well';
  });
});

describe('Bandwidth', () => {
  it('has the losing carrier asked for its record, and says when it gives none', async () => {
    const all = await world('bandwidth');
    for (const n of ['2125550111', '2125550112']) bandwidth.portable.set(n, { spid: '6214', name: 'Cingular' });
    const [good, bad] = [await checked(all, ['+12125550111']), await checked(all, ['+12125550112'])];
    const [first, second] = bandwidth.csrs;
    Object.assign(first!, {
      status: 'COMPLETE',
      data: { CustomerName: 'Ann Miller', ServiceAddress: { StreetName: 'Main', Zip: '10118' } },
    });
    Object.assign(second!, { status: 'FAILED', error: 'CSR is not available for this TN' });
    all.clock.advance({ seconds: 120 });
    await all.app.get(SweepPorts).execute();
    const order = (id: string) => all.app.get(PortQueries).order(all.ann, id);
    const sameness = Object.fromEntries((await order(good)).comparison?.lines.map(({ field, same }) => [field, same]) ?? []);
    expect(sameness).toEqual({ subscriber_name: false, service_address: false, postal_code: true });
    expect(await order(bad)).toMatchObject({ recordState: 'untold', recordReason: 'CSR is not available for this TN', comparison: null });
    await all.app.close();
  });
});
