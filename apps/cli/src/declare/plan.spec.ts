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
