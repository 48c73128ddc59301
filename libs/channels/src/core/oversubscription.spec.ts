import { NO_CAPS, compile, decide, takeChannel } from '@trunkline/edge-core';
import type {
  CompiledEntry,
  ChannelDirection,
  ChannelGroupValue,
  ChannelPoolValue,
  Decision,
  Intent,
  Lookup,
  NumberValue,
} from '@trunkline/edge-core';
import { AppError } from '@trunkline/kernel';
import fc from 'fast-check';
import { assignedOf, holdChannels, resizePool } from './channel-pool.ts';
import type { ChannelAssignment, ChannelOffer, ChannelPool } from './channel-pool.ts';

/**
 * One tenant, one pool, a group and three numbers, played by the very functions of the control plane and of the edge: orders and assignments
 * change what is sold, what is sold reaches the edge later and entry by entry, calls come and go meanwhile. The model knows nothing of counters:
 * it remembers who speaks, and by which channel.
 */
const at = new Date('2026-11-26T10:00:00Z');
const id = (n: number) => `00000000-0000-7000-8000-00000000000${n}`;
const [TENANT, TRUNK, POOL, GROUP, CARRIER] = [id(1), id(2), id(3), id(4), id(5)] as const;
const NUMBERS = ['+12125550101', '+12125550102', '+12125550103'] as const;
const CARRIER_ADDRESS = '192.0.2.1';
const INCLUDED = 1;
const offer: ChannelOffer = {
  ...{ id: id(6), name: 'US', currency: 'USD', countries: ['US'], createdAt: at, minimumChannels: 0 },
  ...{ includedPerNumber: INCLUDED, steps: [{ fromChannels: 1, monthlyNanos: 1n, setupNanos: 0n }], meteredBy: 'minute', meteredNanos: 1n },
};

type Dedicated = { dedicated: number; direction: ChannelDirection; cap: number | null };
type Talk = { readonly number: string; readonly kind: string; readonly direction: 'inbound' | 'outbound' };

class World {
  pool: ChannelPool = { id: POOL, offerId: offer.id, channels: 0, revision: 1, createdAt: at, updatedAt: at };
  numbers = new Map<string, Dedicated>(NUMBERS.map((n) => [n, { dedicated: 0, direction: 'both', cap: null }]));
  group = { shared: 0, meteredMax: 0, direction: 'both' as ChannelDirection, cap: null as number | null };
  isHeld = false;
  readonly talks: Talk[] = [];
  private wanted: readonly CompiledEntry[] | undefined; // computed anew after a change
  private readonly applied = new Map<string, string>();
  private readonly counts = new Map<string, number>();
  private readonly countersOf = new Map<Talk, readonly string[]>();

  constructor() {
    this.apply(Infinity);
  }

  change(by: (world: World) => void): void {
    by(this);
    this.wanted = undefined;
  }

  assignments(): ChannelAssignment[] {
    const dedicated = [...this.numbers].map(([n, d]): ChannelAssignment => ({ kind: 'dedicated', id: n, name: n, channels: d.dedicated }));
    return [...dedicated, { kind: 'shared', id: GROUP, name: 'g', channels: this.group.shared }];
  }

  /** What the edge lacks reaches it in the order of the entries, at most so many. */
  apply(limit: number): void {
    this.wanted ??= compile(this.intent());
    const late = this.wanted.filter((e) => this.applied.get(`${e.kind} ${e.key}`) !== e.value);
    for (const e of late.slice(0, limit)) this.applied.set(`${e.kind} ${e.key}`, e.value);
  }

  value<T>(kind: string, key: string): T {
    return JSON.parse(this.applied.get(`${kind} ${key}`) ?? 'null');
  }

  call(number: string, direction: Talk['direction']): Talk | undefined {
    const decision = this.ask(number, direction);
    if (decision.action !== 'route' || decision.channels === null) return undefined;
    const found = takeChannel(decision.channels, (key) => this.counts.get(key) ?? 0);
    if (!found.taken) return undefined;
    const talk = { number, kind: found.kind, direction };
    this.count(found.counters, 1);
    this.countersOf.set(talk, found.counters);
    this.talks.push(talk);
    return talk;
  }

  hangUp(at: number): void {
    const [talk] = this.talks.splice(at % Math.max(1, this.talks.length), 1);
    if (talk) this.count(this.countersOf.get(talk) ?? [], -1);
  }

  private count(keys: readonly string[], by: number): void {
    for (const key of keys) this.counts.set(key, (this.counts.get(key) ?? 0) + by);
  }

  private ask(number: string, direction: Talk['direction']): Decision {
    const lookup: Lookup = (kind, key) => (kind === 'meta' ? '1' : (this.applied.get(`${kind} ${key}`) ?? null));
    const inbound = direction === 'inbound';
    const call = { edge: 'e', assertedUser: null, transport: 'udp', draw: 0, nowSecs: 0 };
    const parties = { requestUser: inbound ? number : '+12125559999', fromUser: inbound ? '+12125559999' : number };
    return decide(
      { ...call, ...parties, sourceAddress: inbound ? CARRIER_ADDRESS : '192.0.2.9', provenTrunkId: inbound ? null : TRUNK },
      lookup,
    );
  }

  private intent(): Intent {
    const { shared, meteredMax, direction, cap } = this.group;
    const gateway = { id: id(7), carrierId: CARRIER, uri: 'sip:192.0.2.1', sourceAddresses: [CARRIER_ADDRESS] };
    const trunk = { defaultCallerId: null, credentials: [], callsPerSecondMax: null, callerIdPolicy: 'reject' as const, techPrefix: null };
    return {
      tenants: [
        { id: TENANT, channelsMax: null, holds: this.isHeld ? [{ kind: 'billing', stops: 'all' }] : [], homeEdge: null, verified: true },
      ],
      trunks: [
        {
          ...{ ...trunk, id: TRUNK, tenantId: TENANT, enabled: true, channelsMax: 1000, country: 'US', allowedCountries: ['US'] },
          ...{
            inboundRoutes: [{ uri: 'sip:192.0.2.2', priority: 1, weight: 1 }],
            tlsRequired: false,
            maxCallSecs: null,
            maxRingSecs: null,
          },
          ...{ rerouteCodes: null, disasterRecoveryUri: null, channels: { groupId: GROUP, caps: NO_CAPS } },
          ...{ authMode: 'either', sourceNetworks: [], codecs: null, srtp: 'optional', calledNumberIn: 'request_uri' },
          registration: { contactsMax: null, expiresMinSecs: null, expiresMaxSecs: null },
          ...{ passVerified: false, presenceNumbers: [], rejectAnonymous: false },
        },
      ],
      numbers: [...this.numbers].map(([e164, n]) => ({
        ...{ e164, tenantId: TENANT, trunkId: TRUNK },
        channels: { poolId: POOL, dedicated: n.dedicated, direction: n.direction, groupId: null, caps: { ...NO_CAPS, both: n.cap } },
      })),
      ...{ gateways: [gateway], routes: [{ prefix: '1', gateways: [{ gatewayId: id(7), priority: 1, weight: 1 }] }] },
      ...{ emergencyRoutes: [], trunkAddresses: [], sharedCredentials: [], allowList: [], inboundGroups: [], schedules: [], verified: [] },
      channelPools: [{ id: POOL, channels: this.pool.channels, includedPerNumber: INCLUDED }],
      channelGroups: [{ id: GROUP, poolId: POOL, shared, meteredMax, direction, caps: { ...NO_CAPS, both: cap } }],
    };
  }
}

/** Refusals are what is tested; anything else is a fault. */
const orRefused = (change: () => void): void => {
  try {
    change();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
  }
};

class Change implements fc.Command<object, World> {
  constructor(
    private readonly what: string,
    private readonly play: (world: World) => void,
  ) {}
  check = () => true;
  toString = () => this.what;
  run(_: object, world: World): void {
    this.play(world);
    expect(assignedOf(world.assignments())).toBeLessThanOrEqual(world.pool.channels);
  }
}

/** A call that is carried found room in everything that the edge knew of. */
const carried = (world: World, talk: Talk | undefined): void => {
  if (!talk) return;
  expect(world.isHeld && world.value<{ holds: unknown[] }>('tenant', TENANT).holds.length > 0).toBe(false);
  const many = (...kinds: string[]) => world.talks.filter((t) => kinds.includes(t.kind));
  const own = (talks: Talk[]) => talks.filter((t) => t.number === talk.number).length;
  const pool = world.value<ChannelPoolValue>('channel_pool', POOL);
  const group = world.value<ChannelGroupValue>('channel_group', GROUP);
  const { channels: number } = world.value<NumberValue>('number', talk.number.slice(1));
  const room: Record<string, [number, number]> = {
    included: [own(many('included')), INCLUDED],
    dedicated: [own(many('dedicated')), number?.dedicated ?? 0],
    shared: [many('shared').length, group.shared],
    metered: [many('metered').length, group.meteredMax],
  };
  const [used, max] = room[talk.kind]!;
  expect(used).toBeLessThanOrEqual(max);
  if (talk.kind === 'dedicated' || talk.kind === 'shared') expect(many('dedicated', 'shared').length).toBeLessThanOrEqual(pool.channels);
  expect(own(world.talks)).toBeLessThanOrEqual(number?.caps.both ?? Infinity);
  expect(world.talks.length).toBeLessThanOrEqual(group.caps.both ?? Infinity);
  for (const direction of [talk.kind === 'dedicated' ? number?.direction : group.direction])
    if (talk.kind !== 'included') expect(['both', talk.direction]).toContain(direction);
};

const few = fc.integer({ min: 0, max: 6 });
const number = fc.constantFrom(...NUMBERS);
const direction = fc.constantFrom<ChannelDirection[]>('both', 'inbound', 'outbound');
const cap = fc.option(few);
const commands = [
  fc.integer({ min: 0, max: 12 }).map((n) => new Change(`order ${n}`, (w) => orRefused(() => w.change(() => (w.pool = resizePool(w.pool, offer, n, w.assignments(), at)))))),
  fc.record({ n: number, dedicated: few, direction, cap }).map(
    ({ n, ...rest }) =>
      new Change(`${n}: ${JSON.stringify(rest)}`, (w) =>
        orRefused(() => {
          holdChannels(w.pool, w.assignments().filter((a) => a.id !== n), rest.dedicated, '');
          w.change(() => w.numbers.set(n, rest));
        }),
      ),
  ),
  fc.record({ shared: few, meteredMax: few, direction, cap }).map(
    (group) =>
      new Change(`group: ${JSON.stringify(group)}`, (w) =>
        orRefused(() => {
          holdChannels(w.pool, w.assignments().filter((a) => a.id !== GROUP), group.shared, '');
          w.change(() => (w.group = group));
        }),
      ),
  ),
  fc.boolean().map((held) => new Change(held ? 'suspend' : 'restore', (w) => w.change(() => (w.isHeld = held)))),
  fc.integer({ min: 1, max: 5 }).map((n) => new Change(`apply ${n}`, (w) => w.apply(n))),
  fc.constant(new Change('apply all', (w) => w.apply(Infinity))),
  ...[1, 2, 3].map(() =>
    fc
      .tuple(number, fc.constantFrom<Talk['direction'][]>('inbound', 'outbound'))
      .map(([n, dir]) => new Change(`${dir} call of ${n}`, (w) => carried(w, w.call(n, dir)))),
  ),
  fc.nat(20).map((n) => new Change(`hang up ${n}`, (w) => w.hangUp(n))),
]; // prettier-ignore

it('oversubscribes no channel, however orders, resizes, suspensions and calls interleave', () => {
  const carriedBy = new Set<string>();
  fc.assert(
    fc.property(fc.commands(commands, { maxCommands: 80, size: 'max' }), (list) => {
      const world = new World();
      fc.modelRun(() => ({ model: {}, real: world }), list);
      for (const { kind } of world.talks) carriedBy.add(kind);
    }),
    { numRuns: 100 },
  );
  expect([...carriedBy].sort()).toEqual(['dedicated', 'included', 'metered', 'shared']); // or nothing was shown
});
