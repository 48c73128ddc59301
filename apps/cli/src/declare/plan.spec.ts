import type { Current } from './current.ts';
import { exported } from './export.ts';
import { readDesired } from './file.ts';
import { makePlan } from './plan.ts';
import { describePlan, labelOf } from './report.ts';

const trunk = (id: string, name: string, more: object = {}) => ({
  id,
  name,
  object: 'trunk',
  country: 'US',
  channels_max: 2,
  enabled: true,
  default_caller_id: null,
  allowed_countries: ['US', 'GB'],
  inbound_routes: [{ uri: 'sip:a.example', priority: 1, weight: 1, health: 'up' }],
  external_reference: null,
  ip_addresses: [],
  tech_prefix: null,
  calls_per_second_max: null,
  caller_id_policy: 'reject',
  tls_required: false,
  max_call_secs: null,
  reroute_codes: null,
  disaster_recovery_uri: null,
  revision: 1,
  ...more,
});
const number = (e164: string, trunkId: string | null) => ({
  id: `num_${e164}`,
  number: e164,
  trunk_id: trunkId,
  external_reference: null,
  state: 'active',
});
const credential = (id: string) => ({ id, username: `u-${id}`, revoked_at: null });

const current = {
  trunks: [trunk('trk_a', 'A'), trunk('trk_b', 'B')],
  numbers: [number('+12025550100', 'trk_a'), number('+12025550101', 'trk_b')],
  credentials: new Map([['trk_a', [credential('crd_1'), credential('crd_2')]], ['trk_b', []]]),
  channels: { offers: new Map(), poolIds: new Map(), groupIds: new Map(), pools: new Map(), groups: new Map(), trunks: new Map(), numbers: new Map() },
} as unknown as Current; // prettier-ignore
const plan = (text: string, prune = false, now = current) => makePlan('t.yaml', readDesired('t.yaml', text), now, { prune });
const labels = (text: string, prune = false) => plan(text, prune).steps.map(labelOf);

it('finds nothing to change in what was exported, with or without pruning', () => {
  const text = exported(current);
  expect(text).not.toMatch(/health|password/);
  for (const prune of [false, true]) expect(plan(text, prune)).toEqual({ steps: [], left: [], faults: [] });
});

it('sees no difference in another order, nor in a default that is left out', () => {
  expect(labels('trunks: { A: { allowed_countries: [GB, US], inbound_routes: [{ uri: "sip:a.example", priority: 1 }] } }')).toEqual([]);
});

it('changes what differs, and only that', () => {
  const { steps } = plan('trunks:\n  A: { channels_max: 5, country: US }\nnumbers:\n  "+12025550101": { trunk: A }');
  expect(steps).toMatchObject([
    { kind: 'update_trunk', id: 'trk_a', changes: [{ field: 'channels_max', from: 2, to: 5 }] },
    { kind: 'update_number', changes: [{ field: 'trunk', from: 'B', to: 'A' }] },
  ]);
});

it('creates trunks before the numbers that point at them', () => {
  expect(labels('numbers:\n  +12025550199: { trunk: C }\ntrunks:\n  C: { country: US, channels_max: 1 }')).toEqual([
    '+ trunk C',
    '+ number +12025550199',
  ]);
});

it('removes only when asked to prune, trunks last, and nothing of a section that is not in the file', () => {
  const text = 'trunks: { A: { credentials: [crd_1] } }\nnumbers: { "+12025550100": {} }';
  expect(plan(text)).toMatchObject({ steps: [], left: ['number +12025550101', 'credential u-crd_2 of A', 'trunk B'] });
  expect(labels(text, true)).toEqual(['- number +12025550101', '- credential u-crd_2 of A', '- trunk B']);
  expect(labels('numbers: {}', true)).toEqual(['- number +12025550100', '- number +12025550101']);
  expect(labels('', true)).toEqual([]);
});

it.each([
  ['trunks:\n  C:\n    country: US', 't.yaml:2: the new trunk "C" lacks channels_max'],
  ['numbers:\n  +12025550100:\n    trunk: Z', 't.yaml:3: there is no trunk "Z"'],
  [
    'trunks:\n  A:\n    credentials: [crd_9]',
    't.yaml:3: "A" has no credential crd_9: make one with `trunkline trunks credentials create` and name it here',
  ],
])('finds the fault in %j', (text, fault) => {
  expect(plan(text).faults).toEqual([fault]);
});

it('tells the difference in words', () => {
  expect(describePlan(plan('trunks: { A: { channels_max: 5 } }'))).toBe(
    '~ trunk A\n    channels_max: 2 → 5\nNot in the file, and left alone without --prune:\n    trunk B',
  );
  expect(describePlan(plan(''))).toBe('Nothing to change.');
});

describe('channels', () => {
  const caps = { both: null, inbound: null, outbound: null };
  const group = (shared: number) => ({
    pool: 'US',
    direction: 'both',
    shared_channels: shared,
    metered_channels_max: 0,
    channel_caps: caps,
  });
  const held: Current = {
    ...current,
    channels: {
      offers: new Map([['US', 'cof_us'], ['EU', 'cof_eu']]), // prettier-ignore
      poolIds: new Map([['US', 'chp_us']]),
      groupIds: new Map([['Sales', 'chg_s'], ['Desk', 'chg_d']]), // prettier-ignore
      pools: new Map([['US', { channels: 8 }]]),
      groups: new Map([['Sales', group(4)], ['Desk', group(1)]]), // prettier-ignore
      trunks: new Map<string, object>([
        ['A', { group: 'Sales', channel_caps: { inbound: 2, outbound: null } }],
        ['B', { group: null, channel_caps: { inbound: null, outbound: null } }],
      ]) as Current['channels']['trunks'],
      numbers: new Map([
        ['+12025550100', { pool: 'US', dedicated_channels: 3, direction: 'inbound', group: 'Desk', channel_caps: { ...caps, both: 5 } }],
        ['+12025550101', { pool: null, dedicated_channels: 0, direction: 'both', group: null, channel_caps: caps }],
      ]),
    },
  };
  const steps = (text: string, prune = false) => plan(text, prune, held).steps.map(labelOf);

  it('finds nothing to change in what was exported, which says nothing of trunks and numbers without any', () => {
    const text = exported(held);
    expect(text).not.toContain('B:\n    group');
    for (const prune of [false, true]) expect(plan(text, prune, held)).toEqual({ steps: [], left: [], faults: [] });
  });

  it('takes caps that are left out for none', () => {
    expect(steps('number_channels: { "+12025550100": { channel_caps: { both: 5 } } }')).toEqual([]);
    expect(plan('number_channels: { "+12025550100": { channel_caps: {} } }', false, held).steps).toMatchObject([
      { changes: [{ to: caps }] },
    ]);
  });

  it('buys before it assigns, gives up before others get, and gives back at last', () => {
    const text = `
channel_pools: { EU: { channels: 2 }, US: { channels: 6 } }
channel_groups:
  Desk: { shared_channels: 3 }
  Sales: { shared_channels: 1 }
  New: { pool: EU, shared_channels: 2 }
trunk_channels: { B: { group: New } }
number_channels: { "+12025550100": { dedicated_channels: 1 } }`;
    expect(steps(text)).toEqual([
      ...['~ channels of EU', '~ channel group Sales', '~ channels of number +12025550100'],
      ...['~ channel group Desk', '+ channel group New', '~ channels of trunk B', '~ channels of US'],
    ]);
  });

  it('removes only when asked to prune, what is in a group before the group, and channels last', () => {
    const text = 'trunk_channels: {}\nnumber_channels: {}\nchannel_groups: {}\nchannel_pools: {}';
    const removed = [
      'channels of number +12025550100',
      'channels of trunk A',
      'channel group Sales',
      'channel group Desk',
      'channels of US',
    ];
    expect(plan(text, false, held)).toMatchObject({ steps: [], left: removed });
    expect(steps(text, true)).toEqual(removed.map((name) => `- ${name}`));
  });

  it.each([
    ['channel_pools:\n  Asia: { channels: 1 }', 't.yaml:2: there is no offer of channels "Asia"'],
    ['channel_groups:\n  New: { pool: US }', 't.yaml:2: the new channel group "New" lacks shared_channels'],
    ['channel_groups:\n  New:\n    shared_channels: 1\n    pool: EU', 't.yaml:4: there are no channels of "EU"'],
    ['trunk_channels:\n  Z: { group: Sales }', 't.yaml:2: there is no trunk "Z"'],
    ['number_channels:\n  +12025550109: { pool: US }', 't.yaml:2: there is no number +12025550109'],
    ['trunk_channels:\n  A:\n    group: Nobody', 't.yaml:3: there is no channel group "Nobody"'],
    ['channel_pools: { EU: { channels: 1 } }\nchannel_groups:\n  Sales:\n    pool: EU', 't.yaml:4: "Sales" stays in the pool "US"'],
  ])('finds the fault in %j', (text, fault) => expect(plan(text, false, held).faults).toContain(fault));
});
