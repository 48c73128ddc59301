import { unsoundness } from '@trunkline/kernel';
import type { E164 } from '@trunkline/kernel';
import {
  CODE_LIVES_MS,
  CODE_SENDS,
  SEND_PAUSE_MS,
  TRANSITIONS,
  confirmed,
  openVerification,
  reviewed,
  revoked,
  stateAt,
  withCode,
} from './verified-number.ts';
import type { Method } from './verified-number.ts';

const now = new Date('2026-11-26T10:00:00Z');
const after = (ms: number) => new Date(now.getTime() + ms);
const open = (method: Method = 'sms') =>
  openVerification('id', '+13105550000' as E164, method, method === 'document' ? 'paper' : null, now);

it.each(['pending', 'in_review'] as const)('a machine that begins in %s ends', (initial) =>
  expect(unsoundness(TRANSITIONS, initial).filter((fault) => fault.endsWith('never ends'))).toEqual([]),
);

describe('by a code', () => {
  it('waits for the code that is sent', () => {
    const number = withCode(open(), now);
    expect(number).toMatchObject({ state: 'pending', right: null, attemptsLeft: 5, sendsLeft: CODE_SENDS - 1 });
    expect(number.codeExpiresAt).toEqual(after(CODE_LIVES_MS));
  });

  it('is verified for a year by the right one', () => {
    const number = confirmed(withCode(open(), now), after(1000));
    expect(number).toMatchObject({ state: 'verified', right: 'verified', attemptsLeft: 0, sendsLeft: 0 });
    expect(number.expiresAt).toEqual(new Date('2027-11-26T10:00:01Z'));
  });

  it('sends another after a pause, and not for ever', () => {
    const first = withCode(open(), now);
    expect(() => withCode(first, after(SEND_PAUSE_MS - 1))).toThrow('Ask again in 1 seconds');
    const second = withCode({ ...first, attemptsLeft: 0 }, after(SEND_PAUSE_MS));
    expect(second.attemptsLeft).toBe(5);
    const third = withCode(second, after(2 * SEND_PAUSE_MS));
    expect(() => withCode(third, after(3 * SEND_PAUSE_MS))).toThrow('begin anew');
  });
});

describe('by papers', () => {
  it('waits for the operator, whom no code helps', () => {
    expect(open('document').state).toBe('in_review');
    expect(() => withCode(open('document'), now)).toThrow('waits for no code');
    expect(() => confirmed(open('document'), now)).toThrow('waits for no code');
  });

  it('is worth what the operator says', () => {
    const number = reviewed(open('document'), { state: 'verified', right: 'documented', months: 3 }, now);
    expect(number).toMatchObject({ state: 'verified', right: 'documented', expiresAt: new Date('2027-02-26T10:00:00Z') });
  });

  it('says why it was rejected, and is then over', () => {
    const number = reviewed(open('document'), { state: 'rejected', reason: 'not signed' }, now);
    expect(number).toMatchObject({ state: 'rejected', reason: 'not signed', right: null });
    expect(() => reviewed(number, { state: 'verified', right: 'verified', months: 1 }, now)).toThrow('waits for no answer');
    expect(() => revoked(number, now)).toThrow('not verified');
  });

  it('does not take a number whose code is on its way', () =>
    expect(() => reviewed(withCode(open(), now), { state: 'verified', right: 'verified', months: 1 }, now)).toThrow('waits for no answer'));
});

describe('a verified number', () => {
  const number = confirmed(withCode(open(), now), now);
  it('is over by the clock', () => {
    expect(stateAt(number, new Date('2027-11-26T09:59:59Z'))).toBe('verified');
    expect(stateAt(number, new Date('2027-11-26T10:00:00Z'))).toBe('expired');
  });
  it('may be revoked, once, and not when it is over', () => {
    expect(revoked(number, now).state).toBe('revoked');
    expect(() => revoked(revoked(number, now), now)).toThrow('not verified');
    expect(() => revoked(number, new Date('2028-01-01'))).toThrow('not verified');
  });
});
