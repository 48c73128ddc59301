import { changed, redacted } from './audit.ts';

it.each<[object, string]>([
  [{ name: 'PBX', channelsMax: 2 }, '{"name":"PBX","channelsMax":2}'],
  [{ secret: 'a', nested: { sipPassword: 'b', enrolToken: 'c', apiKey: 'd', ha1: 'e' } }, '{"secret":"[redacted]","nested":{"sipPassword":"[redacted]","enrolToken":"[redacted]","apiKey":"[redacted]","ha1":"[redacted]"}}'],
  [{ keyId: 'key_1', amountNanos: 5n }, '{"keyId":"key_1","amountNanos":"5"}'],
])('%j is kept as %s', (data, text) => expect(redacted(data)).toBe(text)); // prettier-ignore

it('a change says what was and what is, of what is different', () => {
  const before = { name: 'A', countries: ['US'], channelsMax: 2 };
  expect(changed(before, { ...before, name: 'B', countries: ['US'] }, ['name', 'countries'])).toEqual({
    before: { name: 'A' },
    after: { name: 'B' },
  });
});

it('a change of a secret says that it changed, and neither what it was nor what it is', () =>
  expect(redacted(changed({ secret: 'a', n: 1 }, { secret: 'b', n: 1 }))).toBe(
    '{"before":{"secret":"[redacted]"},"after":{"secret":"[redacted]"}}',
  ));

it('a secret is left out in whatever shape it comes', () =>
  expect(redacted({ secrets: ['a', 'b'], password: { old: 'c' }, token: Buffer.from('d'), hasPassword: true, tokens: 3 })).toBe(
    '{"secrets":"[redacted]","password":"[redacted]","token":"[redacted]","hasPassword":true,"tokens":3}',
  ));
