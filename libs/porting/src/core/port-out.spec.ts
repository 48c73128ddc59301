import { unsoundness } from '@trunkline/kernel';
import fc from 'fast-check';
import { answerPortOut, demandDisputable, isAuthorizedBySilence } from './answer-port-out.ts';
import type { PortOutStanding, TenantAnswer } from './answer-port-out.ts';
import { PORT_OUT_REASONS, decidePortOut, tenantDeadline } from './decide-port-out.ts';
import type { NumberStanding, PortOutRequest } from './decide-port-out.ts';
import { NO_GUESSES, WRONG_PINS_MAX, afterWrongPin, isPinLocked } from './pin-guesses.ts';
import type { PinGuesses } from './pin-guesses.ts';
import { PORT_OUT_STATES, PORT_OUT_TRANSITIONS, holdsNumber } from './port-out-machine.ts';

const HOUR = 3_600_000;
const NOW = new Date('2026-11-26T12:00:00Z');
const later = (ms: number): Date => new Date(NOW.getTime() + ms);

const number = (other: Partial<NumberStanding> = {}): NumberStanding => ({
  e164: '+12125550100',
  tenantId: 'tnt-a',
  active: true,
  locked: false,
  pin: 'right',
  guesses: NO_GUESSES,
  ...other,
});
const request = (other: Partial<PortOutRequest> = {}): PortOutRequest => ({
  numbers: [number()],
  account: { accountNumber: true, postalCode: null },
  numbersMax: 10,
  synchronous: false,
  receivedAt: NOW,
  deadline: later(24 * HOUR),
  ...other,
});
const wrongPins = (count: number, at = NOW): PinGuesses =>
  Array.from({ length: count }).reduce<PinGuesses>((guesses) => afterWrongPin(guesses, at), NO_GUESSES);

describe('the machine', () => {
  it('is sound, and holds the number while it is open', () => {
    expect(unsoundness(PORT_OUT_TRANSITIONS, 'received')).toEqual([]);
    expect(PORT_OUT_STATES.filter(holdsNumber)).toEqual(['received', 'pending_tenant', 'authorized', 'foc_scheduled']);
    expect(PORT_OUT_STATES.filter((s) => PORT_OUT_TRANSITIONS[s].includes('cancelled'))).toEqual(PORT_OUT_STATES.filter(holdsNumber));
  });
});

describe('a request that comes in', () => {
  const SECOND = '+12125550101';
  it.each([
    ['no number', { numbers: [] }, 'TN_MISMATCH', []],
    ['a number of nobody', { numbers: [number({ tenantId: null })] }, 'TN_MISMATCH', ['+12125550100']],
    ['numbers of two tenants', { numbers: [number(), number({ e164: SECOND, tenantId: 'tnt-b' })] }, 'TN_MISMATCH', [SECOND]],
    ['a number that is not in service', { numbers: [number({ active: false })] }, 'TN_NOT_ACTIVE', ['+12125550100']],
    ['a locked number', { numbers: [number(), number({ e164: SECOND, locked: true })] }, 'PORT_LOCK', [SECOND]],
    ['a locked number, and a wrong PIN', { numbers: [number({ locked: true, pin: 'wrong' })] }, 'PORT_LOCK', ['+12125550100']],
    ['a wrong PIN', { numbers: [number({ pin: 'wrong' })] }, 'PIN_INVALID', ['+12125550100']],
    ['the right PIN after too many wrong ones', { numbers: [number({ guesses: wrongPins(5) })] }, 'PIN_INVALID', ['+12125550100']],
    ['another account', { account: { accountNumber: false, postalCode: null } }, 'ACCOUNT_NUMBER_MISMATCH', []],
    ['another postal code', { account: { accountNumber: true, postalCode: false } }, 'POSTAL_CODE_MISMATCH', []],
    ['too many numbers', { numbersMax: 0 }, 'TOO_MANY_NUMBERS', []],
  ] as const)('is rejected for %s, on the line or not', (_, other, reason, numbers) => {
    for (const synchronous of [true, false])
      expect(decidePortOut(request({ ...other, synchronous }))).toEqual({ kind: 'rejected', reason, numbers });
  });

  it('is authorized on the line when nothing speaks against it', () => {
    expect(decidePortOut(request({ synchronous: true }))).toEqual({ kind: 'authorized' });
    expect(decidePortOut(request({ synchronous: true, numbers: [number({ pin: null, guesses: wrongPins(5) })] }))).toEqual({
      kind: 'authorized',
    });
  });

  it('is put to the tenant otherwise, until two hours before the carrier’s deadline', () => {
    expect(decidePortOut(request())).toEqual({ kind: 'asked', until: later(22 * HOUR) });
  });

  it('leaves the tenant half of a short time, and none of one that is over', () => {
    expect(tenantDeadline({ receivedAt: NOW, deadline: later(HOUR) })).toEqual(later(HOUR / 2));
    expect(tenantDeadline({ receivedAt: NOW, deadline: later(-HOUR) })).toEqual(later(-HOUR));
  });
});

describe('PINs that are guessed', () => {
  it('lock the number after five, for a day from the first', () => {
    expect(isPinLocked(wrongPins(WRONG_PINS_MAX - 1), NOW)).toBe(false);
    const locked = wrongPins(WRONG_PINS_MAX);
    expect([0, 24 * HOUR - 1, 24 * HOUR].map((ms) => isPinLocked(locked, later(ms)))).toEqual([true, true, false]);
    expect(afterWrongPin(locked, later(24 * HOUR))).toEqual({ wrong: 1, since: later(24 * HOUR) });
  });

  it('come to five a day at most that are looked at, however they are spread', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 6 * HOUR }), { minLength: 50, maxLength: 200 }), (pauses) => {
        let [guesses, at] = [NO_GUESSES, 0];
        const looked: number[] = [];
        for (const pause of pauses) {
          at += pause;
          if (!isPinLocked(guesses, later(at))) looked.push(at);
          guesses = afterWrongPin(guesses, later(at));
        }
        // a window begins with its first guess, so two of them may lie side by side
        for (const from of looked)
          expect(looked.filter((t) => t >= from && t < from + 24 * HOUR).length).toBeLessThanOrEqual(2 * WRONG_PINS_MAX - 1);
        expect(looked.length).toBeLessThanOrEqual(WRONG_PINS_MAX * (Math.floor(at / (24 * HOUR)) + 1));
      }),
      { numRuns: 200 },
    );
  });
});

describe('the tenant’s answer', () => {
  const until = later(22 * HOUR);
  const asked: PortOutStanding = { state: 'pending_tenant', until, completedAt: null };
  const no = (reason: string, evidence = 'Account 4471, request says 4472'): TenantAnswer => ({ kind: 'reject', reason, evidence });
  const unknown = request({ account: { accountNumber: null, postalCode: null } });
  const code = (act: () => unknown): unknown => {
    try {
      return act();
    } catch (error) {
      return (error as { code: string }).code;
    }
  };

  it('counts one millisecond before the deadline; at it silence has authorized', () => {
    const before = new Date(until.getTime() - 1);
    expect(answerPortOut(asked, unknown, no('ACCOUNT_NUMBER_MISMATCH'), before)).toBe('rejected');
    expect(isAuthorizedBySilence(asked, before)).toBe(false);
    expect(isAuthorizedBySilence(asked, until)).toBe(true);
    for (const answer of [no('ACCOUNT_NUMBER_MISMATCH'), { kind: 'authorize' } as const])
      expect(code(() => answerPortOut(asked, unknown, answer, until))).toBe('port_out.deadline_passed');
  });

  it('is a yes at any time before', () => expect(answerPortOut(asked, request(), { kind: 'authorize' }, NOW)).toBe('authorized'));

  it.each(PORT_OUT_STATES.filter((s) => s !== 'pending_tenant'))('is not asked for when the request is %s', (state) => {
    expect(code(() => answerPortOut({ ...asked, state }, request(), no('NAME_MISMATCH'), NOW))).toBe('port_out.decided');
    expect(isAuthorizedBySilence({ ...asked, state }, until)).toBe(false);
  });

  it.each(['DEBT', 'CONTRACT_RUNNING', '', 'name_mismatch', 'toString'])('cannot keep a number for %j', (reason) => {
    expect(() => answerPortOut(asked, request(), no(reason), NOW)).toThrow('A number may be kept only for one of');
  });

  it('needs evidence', () =>
    expect(code(() => answerPortOut(asked, unknown, no('NAME_MISMATCH', '  no      '), NOW))).toBe('request.invalid'));

  it.each(PORT_OUT_REASONS.filter((reason) => reason !== 'NAME_MISMATCH'))(
    'cannot claim %s when what is known says otherwise',
    (reason) => {
      const matching = request({ account: { accountNumber: true, postalCode: true } });
      expect(code(() => answerPortOut(asked, matching, no(reason), NOW))).toBe('port_out.reason_refuted');
    },
  );

  it('may claim what nobody could look into', () => {
    for (const reason of ['NAME_MISMATCH', 'ACCOUNT_NUMBER_MISMATCH', 'POSTAL_CODE_MISMATCH'])
      expect(answerPortOut(asked, unknown, no(reason), NOW)).toBe('rejected');
  });
});

describe('a dispute', () => {
  it.each([
    ['completed', 72 * HOUR, true],
    ['completed', 72 * HOUR + 1, false],
    ['foc_scheduled', 0, false],
    ['upheld', 0, false],
  ] as const)('of a port that is %s, after %d ms, is taken: %s', (state, ms, taken) => {
    const act = () => demandDisputable({ state, until: null, completedAt: NOW }, later(ms));
    if (taken) expect(act).not.toThrow();
    else expect(act).toThrow('has not left');
  });
});
