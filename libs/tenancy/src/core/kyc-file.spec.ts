import { canTransition, unsoundness } from '@trunkline/kernel';
import { changeFile, emptyFile, expireFile, reopenFile, reviewFile, submitFile } from './kyc-file.ts';
import type { KycFile } from './kyc-file.ts';
import { demandWithin } from './kyc-limits.ts';
import { riskLevel, riskOf } from './kyc-risk.ts';
import { KYC_STATES, KYC_TRANSITIONS } from './kyc-state.ts';
import type { KycState } from './kyc-state.ts';

const now = new Date('2026-11-26T10:00:00Z');
const later = new Date('2026-12-26T10:00:00Z');
const full: KycFile = {
  ...emptyFile(now),
  legalName: 'Example GmbH',
  registrationNumber: 'HRB 1',
  taxId: 'DE123456789',
  addressLine: 'Hauptstraße 1',
  city: 'Berlin',
  postalCode: '10115',
  country: 'DE',
  useCase: 'office',
  callsPerDay: 200,
};
const inState = (state: KycState): KycFile => ({ ...full, state });

it('is a sound machine', () => expect(unsoundness(KYC_TRANSITIONS, 'unverified')).toEqual([]));

const MOVES: Record<string, [KycState, (file: KycFile) => KycFile]> = {
  submit: ['submitted', (f) => submitFile(f, 'DE', ['registration'], later)],
  approve: ['approved', (f) => reviewFile(f, { state: 'approved', months: 12 }, later)],
  reject: ['rejected', (f) => reviewFile(f, { state: 'rejected', reason: 'no' }, later)],
  'ask for more': ['more_information', (f) => reviewFile(f, { state: 'more_information', reason: 'what else?' }, later)],
  expire: ['expired', (f) => expireFile(f, later)],
  reopen: ['unverified', (f) => reopenFile(f, later)],
};
describe.each(Object.entries(MOVES))('%s', (_, [to, move]) => {
  it.each(KYC_STATES)('from %s happens exactly as the table says', (from) => {
    if (canTransition(KYC_TRANSITIONS, from, to)) expect(move(inState(from))).toMatchObject({ state: to, revision: 2, updatedAt: later });
    else expect(() => move(inState(from))).toThrow(`The file is ${from}`);
  });
});

describe('a submission', () => {
  it('names whatever is missing', () => {
    const attempt = () => submitFile(emptyFile(now), 'DE', [], now);
    expect(attempt).toThrow(expect.objectContaining({ code: 'request.invalid' }));
    expect(attempt).toThrow(/legal_name.*address_line.*calls_per_day.*documents/);
  });
  it('of an approved file waits for its last 60 days', () => {
    const approved = reviewFile(inState('submitted'), { state: 'approved', months: 3 }, now);
    expect(() => submitFile(approved, 'DE', ['identity'], new Date('2026-12-27T09:59:59Z'))).toThrow('in the 60 days before');
    expect(submitFile(approved, 'DE', ['identity'], new Date('2026-12-28T10:00:00Z')).verifiedUntil).toEqual(
      new Date('2027-02-26T10:00:00Z'),
    );
  });
});

describe('an answer', () => {
  const approved = reviewFile(inState('submitted'), { state: 'approved', months: 12 }, now);
  it('that approves holds for its months', () => expect(approved.verifiedUntil).toEqual(new Date('2027-11-26T10:00:00Z')));
  it('that does not ends what held before, and says why', () =>
    expect(reviewFile(approved, { state: 'more_information', reason: 'moved?' }, later)).toMatchObject({
      verifiedUntil: null,
      reason: 'moved?',
    }));
});

it.each(KYC_STATES)('a file that is %s can be changed only while nobody looks at it or relies on it', (state) => {
  const change = () => changeFile(inState(state), { city: 'Bonn', destinations: ['US', 'DE', 'US'] }, later);
  if (['unverified', 'more_information', 'expired'].includes(state))
    expect(change()).toMatchObject({ city: 'Bonn', destinations: ['DE', 'US'], state });
  else expect(change).toThrow(`The file is ${state}`);
});

describe('risk', () => {
  const all = ['registration', 'address', 'identity'] as const;
  it('is none of an office at home with its papers', () => expect(riskOf(full, 'DE', all)).toEqual({ score: 0, factors: [] }));
  it.each([
    ['no_tax_id', { taxId: null }],
    ['no_registration', { registrationNumber: null }],
    ['elsewhere', { country: 'FR' }],
    ['pumped_destinations', { destinations: ['DE', 'SO'] }],
    ['dials_people', { useCase: 'conversational_ai' }],
    ['resells', { useCase: 'resale' }],
    ['many_calls', { callsPerDay: 5_001 }],
    ['unexplained', { useCase: 'other' }],
  ] as const)('%s', (factor, change) => expect(riskOf({ ...full, ...change }, 'DE', all).factors).toEqual([factor]));
  it('counts what is missing among the documents', () =>
    expect(riskOf(full, 'DE', ['identity']).factors).toEqual(['no_registration', 'no_proof_of_address']));
  it('is never more than 100', () =>
    expect(riskOf({ ...emptyFile(now), useCase: 'outbound_campaigns', callsPerDay: 9_999, destinations: ['CU'] }, 'DE', []).score).toBe(
      100,
    ));
  it('has three levels', () => expect([0, 29, 30, 59, 60].map(riskLevel)).toEqual(['low', 'low', 'medium', 'medium', 'high']));
});

describe('limits', () => {
  const limits = { callsPerSecondMax: 1, countries: ['DE'] };
  it('let pass what is within', () => expect(() => demandWithin(limits, { callsPerSecond: 1, countries: ['DE'] })).not.toThrow());
  it('name each field that is not', () =>
    expect(() => demandWithin(limits, { callsPerSecond: 2, countries: ['DE', 'SO'] })).toThrow(
      expect.objectContaining({
        code: 'kyc.required',
        errors: [expect.objectContaining({ pointer: '/calls_per_second_max' }), expect.objectContaining({ pointer: '/allowed_countries' })],
      }),
    ));
  it('that are none refuse nothing', () =>
    expect(() => demandWithin({ callsPerSecondMax: null, countries: null }, { callsPerSecond: 999, countries: ['SO'] })).not.toThrow());
});
