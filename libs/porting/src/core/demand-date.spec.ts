import { AppError } from '@trunkline/kernel';
import { demandDate, earliestDate } from './demand-date.ts';
import type { PortSheet } from './order-faults.ts';

const sheet = (more: Partial<PortSheet> = {}): PortSheet => ({
  ...{ country: 'US', numberType: 'local', customer: 'business', numbers: ['+12125550100'], numbersHash: '' },
  ...{ fields: {}, papers: [], carrierAsks: [], ...more },
});
const CLOSED = new Map([['2026-03-10', 'closed']] as const);
const window = (from: string, to: string) => ({ from: new Date(from), to: new Date(to) });
const faultOf = (attempt: () => void): string => {
  try {
    attempt();
    return 'taken';
  } catch (error) {
    return (error as AppError).errors?.[0]?.code ?? String(error);
  }
};

describe('the earliest date of an order', () => {
  it.each([
    ['a Monday', '2026-03-02T16:00:00Z', sheet()],
    ['a Friday', '2026-03-06T16:00:00Z', sheet()],
    ['a Friday, of mobile numbers, which take hours', '2026-03-06T16:00:00Z', sheet({ numberType: 'mobile' })],
    ['the eve of a day that its carrier keeps', '2026-03-09T16:00:00Z', sheet({ numberType: 'mobile' })],
    ['any day, where there is no rule', '2026-03-06T16:00:00Z', sheet({ country: null })],
    ['a Friday, of many numbers in two zones', '2026-03-06T16:00:00Z', sheet({ numbers: ['+12125550100', '+14155550100'] })],
  ])('is taken when it is asked for on %s', (_, at, order) => {
    const now = new Date(at);
    const earliest = earliestDate(order, CLOSED, now);
    expect(faultOf(() => demandDate(earliest, order, CLOSED, now))).toBe('taken');
    expect(faultOf(() => demandDate(new Date(earliest.getTime() - 1), order, CLOSED, now))).not.toBe('taken');
  });
});

describe('a date that the calendar takes', () => {
  const now = new Date('2026-03-02T16:00:00Z');
  const at = new Date('2026-03-09T16:00:00Z');
  const faultWith = (...windows: ReturnType<typeof window>[]) => faultOf(() => demandDate(at, sheet(), new Map(), now, windows));

  it('is refused where the carrier takes the numbers over at other times, and it is said when', () => {
    expect(faultWith()).toBe('taken');
    expect(faultWith(window('2026-03-09T15:00:00Z', '2026-03-09T23:00:00Z'))).toBe('taken');
    expect(faultWith(window('2026-03-10T15:00:00Z', '2026-03-10T23:00:00Z'))).toBe('outside_window');
    expect(faultWith(window('2026-03-06T15:00:00Z', '2026-03-06T23:00:00Z'))).toBe('too_far');
  });

  it('is not taken earlier than the calendar allows, whatever the carrier would', () => {
    const windows = [window('2026-03-02T17:00:00Z', '2026-04-02T17:00:00Z')];
    expect(faultOf(() => demandDate(new Date('2026-03-02T18:00:00Z'), sheet(), new Map(), now, windows))).toBe('too_soon');
  });
});
