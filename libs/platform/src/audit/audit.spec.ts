import { changed, redacted } from './audit.ts';

it.each<[object, string]>([
  [{ name: 'PBX', channelsMax: 2 }, '{"name":"PBX","channelsMax":2}'],
  [{ secret: 'a', nested: { sipPassword: 'b', enrolToken: 'c', apiKey: 'd', ha1: 'e' } }, '{"secret":"[redacted]","nested":{"sipPassword":"[redacted]","enrolToken":"[redacted]","apiKey":"[redacted]","ha1":"[redacted]"}}'],
  [{ keyId: 'key_1', amountNanos: 5n }, '{"keyId":"key_1","amountNanos":"5"}'],
])('%j is kept as %s', (data, text) => expect(redacted(data)).toBe(text)); // prettier-ignore

it('a change says what was and what is, of what is different', () => {
  const before = { name: 'A', countries: ['US'], channelsMax: 2 };
  expect(changed(before, { ...before, name: 'B', countries: ['US'] }, ['name', 'countries'])).toEqual({ name: { from: 'A', to: 'B' } });
});
