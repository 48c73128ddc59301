import type { INestApplicationContext } from '@nestjs/common';
import { AppError, monthOf, newId, systemContext, tenantContext } from '@trunkline/kernel';
import type { E164, Period, TenantContext } from '@trunkline/kernel';
import { LedgerModule } from '@trunkline/ledger/server';
import { ImportNumbers, OrderNumber, ReleaseNumber, TransferNumber } from '@trunkline/numbers/server';
import { AssignPlan, CreateDeck, CreatePlan, RatingModule } from '@trunkline/rating/server';
import { CreateTenant, TenancyModule } from '@trunkline/tenancy/server';
import { FakeClock, createTestContext, createTestDatabase } from '@trunkline/testing';
import type { TestDatabase } from '@trunkline/testing';
import type { TrunkSettings } from '@trunkline/trunks';
import { CreateTrunk } from '@trunkline/trunks/server';
import fc from 'fast-check';
import pg from 'pg';
import type { ChannelGroup } from '../core/channel-group.ts';
import { NO_CAPS } from '@trunkline/edge-core';
import { ChangeNumberChannels } from './change-number-channels.ts';
import { ChangeTrunkChannels } from './change-trunk-channels.ts';
import { ChannelQueries } from './channel-queries.ts';
import { ChannelUsage } from './channel-usage.ts';
import { ChannelsInUseView } from './channels-in-use-view.ts';
import type { ChannelsInUse } from './channels-in-use-view.ts';
import { CreateChannelGroup } from './create-channel-group.ts';
import { CreateChannelOffer } from './create-channel-offer.ts';
import { DeleteChannelGroup } from './delete-channel-group.ts';
import { OrderChannels } from './order-channels.ts';
import { UpdateChannelGroup } from './update-channel-group.ts';

class UseCasesModule {}
/** What the edges say, in a test's hand. */
class SaidChannels extends ChannelsInUseView {
  said: readonly ChannelsInUse[] | null = null;
  of = () => Promise.resolve(this.said);
}
const edges = new SaidChannels();
const own = [ChangeNumberChannels, ChangeTrunkChannels, ChannelQueries, CreateChannelGroup, CreateChannelOffer, DeleteChannelGroup];
const providers = [
  ...own,
  ChannelUsage,
  { provide: ChannelsInUseView, useValue: edges },
  OrderChannels,
  UpdateChannelGroup,
  ImportNumbers,
  OrderNumber,
  ReleaseNumber,
  TransferNumber,
  CreateTrunk,
];
const system = systemContext('test');
const usd = (units: number) => BigInt(units) * 1_000_000_000n;

let database: TestDatabase;
let context: INestApplicationContext;
let owner: pg.Client;
let planId: string;
let offerId: string;
const clock = new FakeClock('2026-11-21T10:00:00Z');
const run = <T>(type: new (...args: never[]) => T): T => context.get(type);

/** A tenant with two numbers in the US; 20 channels allotted. */
let last = 200;
const newTenant = async (parentId: string | null = null): Promise<{ ctx: TenantContext; numbers: { id: string; e164: E164 }[] }> => {
  const n = ++last;
  const { id } = await run(CreateTenant).execute(system, { name: `T${n}`, country: 'US', currency: 'USD', channelsMax: null, parentId, externalReference: null, allotment: { channels: 20, numbers: null, tenants: 5 } }); // prettier-ignore
  await run(AssignPlan).execute(system, { tenantId: id, planId });
  await owner.query(`UPDATE tenant_node SET channels_allotted = 20, verified_until = 'infinity' WHERE id = $1`, [id]);
  const ctx = tenantContext(id, { type: 'api_key', id: newId() }, 'req_test');
  const e164s = [`+1202555${n}1`, `+1202555${n}2`] as E164[];
  await run(ImportNumbers).execute(system, `number,country\n${e164s.map((e) => `${e},US`).join('\n')}\n`);
  const order = (e164: E164) => run(OrderNumber).execute(ctx, { e164, trunkId: null, externalReference: null, tags: [] });
  return { ctx, numbers: [await order(e164s[0]!), await order(e164s[1]!)] };
};
const group = (poolId: string, shared: number, meteredMax = 0): Parameters<CreateChannelGroup['execute']>[1] => ({
  ...{ poolId, name: `g${newId()}`, direction: 'both', shared, meteredMax, caps: NO_CAPS },
});
const rows = async (text: string, ...values: unknown[]) => (await owner.query(text, values)).rows;
const refusal = (attempt: Promise<unknown>): Promise<unknown> =>
  attempt.then(
    () => 'done',
    (error: unknown) =>
      error instanceof AppError ? { code: error.code, errors: error.errors?.map((e) => `${e.pointer} ${e.detail}`) } : error,
  );

beforeAll(async () => {
  database = await createTestDatabase();
  context = await createTestContext(database, [TenancyModule, RatingModule, LedgerModule, { module: UseCasesModule, providers }], clock);
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  const deck = await run(CreateDeck).execute(system, { name: 'Deck', currency: 'USD' });
  const fees = { channelMonthlyNanos: usd(4), channelSetupNanos: usd(1), numberMonthlyNanos: 0n, numberSetupNanos: 0n };
  const plan = { name: 'Plan', currency: 'USD', ...fees, outboundDeckId: deck.id, inboundDeckId: null };
  planId = (await run(CreatePlan).execute(system, plan)).id;
  const steps = [
    { fromChannels: 1, monthlyNanos: usd(30), setupNanos: usd(2) },
    { fromChannels: 5, monthlyNanos: usd(15), setupNanos: usd(1) },
  ];
  const offer = { name: 'US', currency: 'USD', countries: ['US'], includedPerNumber: 1, minimumChannels: 2, steps };
  offerId = (await run(CreateChannelOffer).execute(system, { ...offer, meteredBy: 'minute', meteredNanos: usd(1) })).id;
});
afterAll(async () => {
  await owner?.end();
  await context?.close();
  await database?.drop();
});

describe('an order', () => {
  it('is paid by its steps: ten of thirty days at once, every month after; setup for what is added', async () => {
    const { ctx } = await newTenant();
    const order = await run(OrderChannels).execute(ctx, { offerId, channels: 6 });
    expect(order).toMatchObject({
      channelsBefore: 0,
      channelsAfter: 6,
      setupNanos: usd(10),
      firstMonthNanos: usd(50),
      monthlyNanos: usd(150),
    });
    const items = `SELECT quantity, unit_monthly_nanos / 1000000000 AS unit, "to" FROM recurring_item WHERE resource_id = $1 AND ("to" IS NULL OR "to" > "from") ORDER BY unit`;
    expect(await rows(items, order.poolId)).toEqual([{ quantity: 2, unit: '15', to: null }, { quantity: 4, unit: '30', to: null }]); // prettier-ignore
    const smaller = await run(OrderChannels).execute(ctx, { offerId, channels: 3 });
    expect(smaller).toMatchObject({ poolId: order.poolId, channelsBefore: 6, setupNanos: 0n, monthlyNanos: usd(90) });
    expect(await rows(items, order.poolId)).toEqual([{ quantity: 3, unit: '30', to: null }]);
    expect(await rows(`SELECT channels_used FROM tenant_node WHERE id = $1`, ctx.tenantId)).toEqual([{ channels_used: 3 }]);
    expect(await rows(`SELECT type FROM outbox WHERE tenant_id = $1 AND type LIKE 'channel%'`, ctx.tenantId)).toHaveLength(2);
  });

  it('is found by what the tenant calls it, by that tenant alone', async () => {
    const [{ ctx }, other] = [await newTenant(), await newTenant()];
    const { id } = await run(OrderChannels).execute(ctx, { offerId, channels: 6, externalReference: 'PO 7' });
    await run(OrderChannels).execute(ctx, { offerId, channels: 7 });
    const found = async (who: TenantContext, externalReference: string) =>
      (await run(ChannelQueries).orders(who, { limit: 50, externalReference })).data.map((order) => [order.id, order.externalReference]);
    expect([await found(ctx, 'PO 7'), await found(ctx, 'PO 8'), await found(other.ctx, 'PO 7')]).toEqual([[[id, 'PO 7']], [], []]);
    expect((await run(ChannelQueries).orders(ctx, { limit: 50 })).data.map((order) => order.externalReference)).toEqual([null, 'PO 7']);
  });

  it('is refused below the minimum, above the allotment, and when it changes nothing', async () => {
    const { ctx } = await newTenant();
    const order = (channels: number) => refusal(run(OrderChannels).execute(ctx, { offerId, channels }));
    expect(await order(1)).toMatchObject({ code: 'request.invalid' });
    expect(await order(0)).toMatchObject({ code: 'request.invalid' });
    expect(await order(21)).toMatchObject({ code: 'tenant.allotment_used_up', errors: [expect.stringMatching(/^\/channels /)] });
    expect(await rows(`SELECT FROM channel_pool WHERE tenant_id = $1`, ctx.tenantId)).toEqual([]);
  });

  it('cannot give back what is assigned, and says who has it', async () => {
    const { ctx, numbers } = await newTenant();
    const { poolId } = await run(OrderChannels).execute(ctx, { offerId, channels: 6 });
    await run(ChangeNumberChannels).execute(ctx, numbers[0]!.id, { poolId, dedicated: 2 });
    const shared = await run(CreateChannelGroup).execute(ctx, { ...group(poolId, 3), name: 'Sales' });
    const release = (channels: number) => refusal(run(OrderChannels).execute(ctx, { offerId, channels }));
    expect(await release(4)).toEqual({
      code: 'channel_pool.assigned',
      errors: [`/channels 2 dedicated to ${numbers[0]!.e164}`, '/channels 3 shared by group “Sales”'],
    });
    expect(await refusal(run(UpdateChannelGroup).execute(ctx, shared.id, { shared: 5 }))).toEqual({
      code: 'channel_pool.used_up',
      errors: ['/shared_channels 4 are free, 5 were asked for'],
    });
    await run(ReleaseNumber).execute(ctx, numbers[0]!.id); // gives its channels back
    expect(await release(3)).toBe('done');
    await run(DeleteChannelGroup).execute(ctx, shared.id);
    expect(await release(0)).toBe('done');
  });
});

describe('a trunk in a group', () => {
  const settings: TrunkSettings = {
    ...{ name: 'Office', country: 'US', channelsMax: 5, enabled: true, defaultCallerId: null, allowedCountries: [], inboundRoutes: [] },
    ...{ externalReference: null, tags: [], ipAddresses: [], techPrefix: null, callsPerSecondMax: null, callerIdPolicy: 'reject' as const },
    ...{ tlsRequired: false, maxCallSecs: null, maxRingSecs: null, rerouteCodes: null, disasterRecoveryUri: null, presenceNumbers: [] },
    ...{ authMode: 'either', ipListIds: [], credentialListIds: [], codecs: null, srtp: 'optional', calledNumberIn: 'request_uri' },
    ...{ registrationContactsMax: null, registrationExpiresMinSecs: null, registrationExpiresMaxSecs: null, rejectAnonymous: false },
  };
  it('neither pays for channels of its own nor counts them, until it has some again', async () => {
    const { ctx } = await newTenant();
    const trunk = await run(CreateTrunk).execute(ctx, settings);
    const { poolId } = await run(OrderChannels).execute(ctx, { offerId, channels: 4 });
    const { id: groupId } = await run(CreateChannelGroup).execute(ctx, group(poolId, 4, 6));
    const state = async () => [
      ...(await rows(`SELECT channels_used FROM tenant_node WHERE id = $1`, ctx.tenantId)),
      ...(await rows(`SELECT quantity FROM recurring_item WHERE resource_id = $1 AND "to" IS NULL`, trunk.id)),
    ];
    expect(await state()).toEqual([{ channels_used: 15 }, { quantity: 5 }]);
    await run(ChangeTrunkChannels).execute(ctx, trunk.id, { groupId });
    expect(await state()).toEqual([{ channels_used: 10 }]);
    expect(await refusal(run(DeleteChannelGroup).execute(ctx, groupId))).toEqual({
      code: 'channel_group.in_use',
      errors: ['/id Office is in it'],
    });
    await run(ChangeTrunkChannels).execute(ctx, trunk.id, { groupId: null });
    expect(await state()).toEqual([{ channels_used: 15 }, { quantity: 5 }]);
    await run(DeleteChannelGroup).execute(ctx, groupId);
    expect(await state()).toEqual([{ channels_used: 9 }, { quantity: 5 }]);
  });

  it('takes its caps by direction along, and has them alone just as well', async () => {
    const { ctx } = await newTenant();
    const trunk = await run(CreateTrunk).execute(ctx, settings);
    const { poolId } = await run(OrderChannels).execute(ctx, { offerId, channels: 4 });
    const { id: groupId } = await run(CreateChannelGroup).execute(ctx, group(poolId, 4));
    const change = (to: Parameters<ChangeTrunkChannels['execute']>[2]) => run(ChangeTrunkChannels).execute(ctx, trunk.id, to);
    const caps = { inbound: 2, outbound: null };
    const stored = async () => [
      ...(await rows(`SELECT own_cap_inbound AS own FROM trunk WHERE id = $1`, trunk.id)),
      ...(await rows(`SELECT cap_inbound AS grouped FROM trunk_channels WHERE id = $1`, trunk.id)),
    ];
    expect(await change({ caps })).toMatchObject({ groupId: null, caps, revision: 2 });
    expect(await change({ caps })).toMatchObject({ revision: 2 });
    expect(await run(ChannelQueries).ofTrunk(ctx, trunk.id)).toMatchObject({ groupId: null, caps });
    expect(await stored()).toEqual([{ own: 2 }]);
    expect(await change({ groupId })).toMatchObject({ groupId, caps, revision: 3 });
    expect(await stored()).toEqual([{ own: null }, { grouped: 2 }]);
    expect(await change({ groupId: null })).toMatchObject({ groupId: null, caps, revision: 4 });
    expect(await stored()).toEqual([{ own: 2 }]);
  });
});

it('takes the channels of a number that a reseller moves to another tenant back into the pool', async () => {
  const { ctx: reseller } = await newTenant();
  const { ctx, numbers } = await newTenant(reseller.tenantId);
  const { poolId } = await run(OrderChannels).execute(ctx, { offerId, channels: 4 });
  await run(ChangeNumberChannels).execute(ctx, numbers[0]!.id, { poolId, dedicated: 4 });
  const { tenantId, actor, requestId } = reseller;
  const from = { kind: 'subtree', tenantId, actor, requestId, reason: 'test' } as const;
  await run(TransferNumber).execute(from, { e164: numbers[0]!.e164, toTenantId: tenantId });
  expect(await run(ChannelQueries).pool(ctx, poolId)).toMatchObject({ channels: 4, assigned: 0 });
});

it('refuses to oversell a pool whatever program writes', async () => {
  const { ctx } = await newTenant();
  const { poolId } = await run(OrderChannels).execute(ctx, { offerId, channels: 4 });
  await run(CreateChannelGroup).execute(ctx, group(poolId, 3));
  const broken = { code: '23514', constraint: 'channel_pool_oversold' };
  await expect(owner.query(`UPDATE channel_pool SET channels = 2 WHERE id = $1`, [poolId])).rejects.toMatchObject(broken);
  await expect(owner.query(`UPDATE channel_group SET shared = 5 WHERE pool_id = $1`, [poolId])).rejects.toMatchObject(broken);
});

it('tells what each kind of channel carried, and its peak', async () => {
  const { ctx } = await newTenant();
  const { poolId } = await run(OrderChannels).execute(ctx, { offerId, channels: 4 });
  const call = (kind: string, since: string, until: string) =>
    owner.query(
      `INSERT INTO cdr (tenant_id, started_at, id, edge_id, direction, outcome, "from", "to", call_id, source_address, answered_at, ended_at, sip_code, content_hash,
         stored_at, rating_state, billed_seconds, channel_kind, channel_pool_id)
       VALUES ($1, $3, $2, $2, 'inbound', 'answered', '', '', '', '', $3, $4, 200, '', now(), 'free', 0, $5, $6)`,
      [ctx.tenantId, newId(), since, until, kind, kind === 'trunk' ? null : poolId],
    );
  await call('trunk', '2026-10-31T23:59:50Z', '2026-11-01T00:00:10Z'); // half of it was in October
  await call('shared', '2026-11-02T10:00:00Z', '2026-11-02T10:01:00Z');
  await call('shared', '2026-11-02T10:00:30Z', '2026-11-02T10:02:00Z');
  await call('shared', '2026-11-02T10:01:00Z', '2026-11-02T10:01:30.5Z'); // when the first ends
  const ended = [
    { poolId: null, kind: 'trunk', calls: 1, seconds: 10n, peak: 1 },
    { poolId, kind: 'shared', calls: 3, seconds: 181n, peak: 2 },
  ];
  const uses = async (month?: Period) => (await run(ChannelUsage).execute(ctx, month)).uses;
  expect(await uses()).toEqual(ended.map((use) => ({ ...use, now: null })));
  edges.said = [
    { poolId, kind: 'shared', calls: 1 },
    { poolId, kind: 'metered', calls: 2 },
  ];
  const begun = { poolId, kind: 'metered', calls: 0, seconds: 0n, peak: 2, now: 2 };
  expect(await uses()).toEqual([{ ...ended[0], now: 0 }, { ...ended[1], now: 1 }, begun]);
  expect(await uses(monthOf(new Date('2026-10-01')))).toMatchObject([{ kind: 'trunk', now: null }]);
});

/** What may be asked at one time. */
type Ask = ['order', number] | ['dedicate', number, number] | ['share', number, number] | ['release', number];
const few = fc.integer({ min: 0, max: 8 });
const ask: fc.Arbitrary<Ask> = fc.oneof(
  fc.tuple(fc.constant('order' as const), fc.integer({ min: 0, max: 14 })),
  fc.tuple(fc.constant('dedicate' as const), fc.nat(1), few),
  fc.tuple(fc.constant('share' as const), few, fc.nat(8)),
  fc.tuple(fc.constant('release' as const), fc.nat(1)),
);

it('sells no channel twice, however many ask at one time', async () => {
  let refused = 0;
  let done = 0;
  const play = async (asks: readonly Ask[]) => {
    const { ctx, numbers } = await newTenant();
    const { poolId } = await run(OrderChannels).execute(ctx, { offerId, channels: 8 });
    const shared: ChannelGroup = await run(CreateChannelGroup).execute(ctx, group(poolId, 2));
    const one = ([what, a, b]: Ask): Promise<unknown> => {
      if (what === 'order') return run(OrderChannels).execute(ctx, { offerId, channels: a });
      if (what === 'dedicate') return run(ChangeNumberChannels).execute(ctx, numbers[a]!.id, { poolId, dedicated: b });
      if (what === 'share') return run(UpdateChannelGroup).execute(ctx, shared.id, { shared: a, meteredMax: b });
      return run(ReleaseNumber).execute(ctx, numbers[a]!.id);
    };
    for (const result of await Promise.allSettled(asks.map(one))) {
      if (result.status === 'fulfilled') done++;
      else if (result.reason instanceof AppError) refused++;
      else throw result.reason;
    }
    const held = await run(ChannelQueries).pool(ctx, poolId);
    expect(held.assigned).toBeLessThanOrEqual(held.channels);
    const [{ metered_max: metered }] = await rows(`SELECT metered_max FROM channel_group WHERE id = $1`, shared.id);
    expect(await rows(`SELECT channels_used FROM tenant_node WHERE id = $1`, ctx.tenantId)).toEqual([
      { channels_used: held.channels + metered },
    ]);
    const [{ paid }] = await rows(
      `SELECT coalesce(sum(quantity), 0)::int AS paid FROM recurring_item WHERE resource_id = $1 AND "to" IS NULL`,
      poolId,
    );
    expect(paid).toBe(held.channels);
  };
  await fc.assert(fc.asyncProperty(fc.array(ask, { minLength: 4, maxLength: 8 }), play), { numRuns: 8 });
  expect([refused > 0, done > 0]).toEqual([true, true]); // or nothing was shown
});
