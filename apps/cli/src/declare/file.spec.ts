import { readDesired } from './file.ts';

const faults = (text: string): string[] => {
  try {
    readDesired('t.yaml', text);
    return [];
  } catch (error) {
    return (error as Error).message.split('\n');
  }
};

it('reads trunks and numbers, and leaves out what the file does not say', () => {
  const { trunks, numbers } = readDesired('t.yaml', 'trunks:\n  Berlin:\n    country: NO\n    inbound_routes: [{ uri: "sip:a.example", priority: 1 }]\nnumbers:\n  +12025550142: { trunk: Berlin }\n  "+12025550143":\n'); // prettier-ignore
  expect(trunks?.get('Berlin')?.fields).toEqual({ country: 'NO', inbound_routes: [{ uri: 'sip:a.example', priority: 1, weight: 1 }] });
  expect([...(numbers ?? [])].map(([name, { fields }]) => [name, fields])).toEqual([
    ['+12025550142', { trunk: 'Berlin' }],
    ['+12025550143', {}],
  ]);
  expect(readDesired('t.yaml', '')).toEqual({});
  expect(readDesired('t.yaml', 'trunks: {}').trunks?.size).toBe(0);
});

it.each([
  ['trunk: {}', ['t.yaml:1: unknown key "trunk"; did you mean trunks?']],
  ['trunks:\n  A:\n    country: US\n    chanels_max: 3', ['t.yaml:4: unknown key "chanels_max"; did you mean channels_max?']],
  ['trunks:\n  A:\n    channels_max: many', ['t.yaml:3: channels_max must be of type integer']],
  ['trunks:\n  A:\n    enabled: null', ['t.yaml:3: enabled must be of type boolean']],
  ['trunks:\n  A:\n    allowed_countries: US', ['t.yaml:3: allowed_countries must be a list']],
  [
    'trunks:\n  A:\n    inbound_routes:\n      - uri: sip:a\n        prio: 1',
    [/^t\.yaml:5: unknown key "prio"/, 't.yaml:4: an item of inbound_routes lacks priority'],
  ],
  ['trunks: [A]', ['t.yaml:1: trunks must be a map']],
  ['trunks:\n  A: 3', ['t.yaml:2: "A" must be a map']],
  ['trunks:\n  A: {}\n  A: {}', [/^t\.yaml:3: Map keys must be unique/]],
  ['trunks:\n  A: {', [/^t\.yaml:2: /]],
  ['numbers:\n  +1202: { trunk: 3 }\nextra: 1', ['t.yaml:2: trunk must be of type string or null', /^t\.yaml:3: unknown key "extra"/]],
])('refuses %j at its line', (text, wanted) => {
  const found = faults(text);
  for (const [i, one] of wanted.entries()) expect(found[i]).toEqual(one instanceof RegExp ? expect.stringMatching(one) : one);
});
