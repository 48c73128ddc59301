import { NO_CARRIER_DAYS } from './business-days.ts';
import type { CarrierDays } from './business-days.ts';
import { demandDate } from './demand-date.ts';
import { orderFaults, profileOf } from './order-faults.ts';
import type { PortPaper, PortSheet } from './order-faults.ts';

const NOW = new Date('2026-11-26T12:00:00Z'); // a Thursday, Thanksgiving
const daysAgo = (days: number): Date => new Date(NOW.getTime() - days * 86_400_000);

const letter = (of: Partial<PortPaper> = {}): PortPaper => ({
  kind: 'letter_of_authority',
  datedAt: daysAgo(1),
  numbersHash: 'this list',
  signature: { signerName: 'Jane Doe' },
  ...of,
});
const bill = (days: number): PortPaper => ({ kind: 'bill', datedAt: daysAgo(days), numbersHash: null, signature: null });
const simple: PortSheet = {
  country: 'US',
  numberType: 'local',
  customer: 'business',
  numbers: ['+12125550123'],
  numbersHash: 'this list',
  fields: { subscriber_name: 'Northwind', signer_name: 'Jane Doe', account_number: '4471', postal_code: '10118' },
  carrierAsks: [],
  papers: [letter()],
};
const faults = (sheet: Partial<PortSheet>) => orderFaults({ ...simple, ...sheet }, NOW).map(({ pointer, code }) => `${pointer} ${code}`);

describe('an order', () => {
  it('that is whole has no faults, nor has one that no carrier looked at yet', () => {
    expect(faults({})).toEqual([]);
    expect(faults({ country: null, fields: {}, papers: [] })).toEqual([]);
  });

  it('names each field and document that is missing or wrong, with what helps', () => {
    const { postal_code: _, ...fields } = simple.fields;
    expect(faults({ fields: { ...fields, account_number: 'no. 4471' }, papers: [] })).toEqual([
      '/fields/account_number malformed',
      '/fields/postal_code missing',
      '/documents/letter_of_authority unsigned',
    ]);
    const [fault] = orderFaults({ ...simple, fields }, NOW);
    expect(fault?.detail).toBe('The ZIP code of the service address, e.g. 10118');
  });

  it('is not asked for what orders of another kind tell', () => {
    expect(faults({ fields: { ...simple.fields, tax_id: '!', losing_provider_code: '!' } })).toEqual([]);
  });

  it('of several numbers, or of an account that has others, is not simple', () => {
    expect(profileOf(simple)?.simple).toBe(true);
    expect(profileOf({ ...simple, numbers: ['+12125550123', '+12125550124'] })?.simple).toBe(false);
    const kept = { ...simple, fields: { ...simple.fields, remaining_numbers: 'keep' } };
    expect(faults(kept)).toContain('/documents/bill missing');
    expect(faults({ ...kept, papers: [letter(), bill(31)] })).toContain('/documents/bill too_old');
  });

  it.each([
    ['for other numbers', letter({ numbersHash: 'another' }), 'list_changed'],
    ['by somebody else', letter({ signature: { signerName: 'John Doe' } }), 'other_signer'],
    ['31 days ago', letter({ datedAt: daysAgo(31) }), 'too_old'],
    ['on paper for other numbers', letter({ numbersHash: 'another', signature: null }), 'list_changed'],
  ])('has no use for a letter that was signed %s', (_, paper, code) => {
    expect(faults({ papers: [paper] })).toEqual([`/documents/letter_of_authority ${code}`]);
    expect(faults({ papers: [paper, letter()] })).toEqual([]);
  });

  it('takes its signer however the name is written, and anybody’s paper', () => {
    expect(faults({ papers: [letter({ signature: { signerName: ' jane  DOE' } })] })).toEqual([]);
    expect(faults({ papers: [letter({ signature: null })] })).toEqual([]);
  });

  it('takes a PIN as its country has it', () => {
    const french = { country: 'FR', numbers: ['+33155550123'], fields: { ...simple.fields, pin: '01E1234567AB' } };
    expect(faults(french)).not.toContain('/fields/pin malformed');
    expect(faults({ ...french, fields: { ...simple.fields, pin: '4711' } })).toContain('/fields/pin malformed');
  });
});

describe('a date', () => {
  const fault = (at: string, sheet: PortSheet = simple, carrierDays: CarrierDays = NO_CARRIER_DAYS) => {
    try {
      demandDate(new Date(at), sheet, carrierDays, NOW);
      return 'taken';
    } catch (error) {
      return (error as { errors: { code: string }[] }).errors[0]!.code;
    }
  };

  it.each([
    ['2026-11-27T11:00:00Z', 'too_soon'], // within a day
    ['2026-11-28T15:00:00Z', 'too_soon'],
    ['2026-11-30T15:00:00Z', 'taken'],
    ['2026-12-05T15:00:00Z', 'not_a_business_day'],
    ['2026-12-25T17:00:00Z', 'not_a_business_day'],
    ['2026-12-28T15:00:00Z', 'too_far'],
  ])('%s is %s', (at, expected) => expect(fault(at)).toBe(expected));

  it('must fit wherever a number lives, and lies further off for more lines', () => {
    const many = { ...simple, numbers: ['+12125550123', '+12135550123'] };
    expect(fault('2026-11-30T15:00:00Z', many)).toBe('too_soon');
    expect(fault('2026-12-04T17:00:00Z', many)).toBe('taken');
    expect(fault('2027-12-04T17:00:00Z', { ...many, country: 'JP' })).toBe('too_far');
  });

  it('must be one on which the losing carrier works', () => {
    expect(fault('2026-12-02T15:00:00Z', simple, new Map([['2026-12-02', 'closed']]))).toBe('not_a_business_day');
    expect(fault('2026-12-05T15:00:00Z', simple, new Map([['2026-12-05', 'open']]))).toBe('taken');
  });
});
