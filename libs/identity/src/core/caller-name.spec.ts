import { unsoundness } from '@trunkline/kernel';
import { CALLER_NAME_TRANSITIONS, requestedName, steppedTo } from './caller-name.ts';

const now = new Date('2026-11-26T10:00:00Z');
const number = { id: 'n', country: 'US' };
const request = (name: string, before?: Parameters<typeof requestedName>[0]) => requestedName(before, number, name, now);

it('is a sound machine', () => expect(unsoundness(CALLER_NAME_TRANSITIONS, 'none')).toEqual([]));

it.each(["JOE'S GARAGE", 'A', 'ACME & CO., INC', '1-800 FLOWERS'])('takes %s', (name) =>
  expect(request(name)).toMatchObject({ name, state: 'requested' }),
);

it.each(['', 'SIXTEEN LETTERS.', 'Acme', 'ACMÉ', 'ACME\n', ' ACME', 'ACME ', '---', 'NYC POLICE', 'FBI', 'CALL 911'])(
  'refuses %j',
  (name) => expect(() => request(name)).toThrow(),
);

it('is shown in North America alone', () =>
  expect(() => requestedName(undefined, { id: 'n', country: 'DE' }, 'ACME', now)).toThrow('North America'));

it('may be another once it is there or was rejected, and not on its way', () => {
  const first = request('ACME');
  expect(request('ACME', first)).toBe(first);
  expect(() => request('OTHER', first)).toThrow('on its way');
  expect(() => request('OTHER', steppedTo(first, 'submitted', null, now))).toThrow('on its way');
  expect(request('OTHER', steppedTo(first, 'active', null, now))).toMatchObject({ name: 'OTHER', state: 'requested' });
  expect(request('ACME', steppedTo(first, 'rejected', 'taken', now))).toMatchObject({ state: 'requested', reason: null });
});
