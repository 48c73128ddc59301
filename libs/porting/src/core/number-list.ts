import { isE164 } from '@trunkline/kernel';
import type { E164 } from '@trunkline/kernel';
import type { PortableType } from '@trunkline/carriers';
import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { NumberType, PhoneNumber } from 'libphonenumber-js/max';

/** What was pasted, sorted: each country and type goes its own way. Faults never stop what is good; lines count from 1. */
export type NumberList = {
  readonly groups: readonly { readonly country: string; readonly type: PortableType; readonly numbers: readonly E164[] }[];
  readonly faults: readonly ListFault[];
};
export type ListFault = { readonly line: number; readonly text: string; readonly code: ListFaultCode; readonly detail: string };
type ListFaultCode = 'malformed' | 'scientific' | 'not_portable' | 'duplicate' | 'bad_range' | 'too_many';

const RANGE_MAX = 1_000;
const SHOWN_MAX = 40;
// a plain hyphen inside a number is part of it; one between spaces, a dash or dots are a range
const RANGE = /\s+-\s+|\s*[–—]\s*|\s*\.{2,3}\s*|\s+to\s+/;
const TYPE_OF: Partial<Record<NumberType & string, PortableType>> = {
  FIXED_LINE: 'local',
  FIXED_LINE_OR_MOBILE: 'local', // North America: the portability check tells which
  VOIP: 'national',
  UAN: 'national',
  MOBILE: 'mobile',
  TOLL_FREE: 'toll_free',
  SHARED_COST: 'shared_cost',
};

type Fault = Pick<ListFault, 'code' | 'detail'>;
const isFault = (value: PhoneNumber | readonly PhoneNumber[] | Fault): value is Fault => 'code' in value;

/** @param home the country of numbers that are written without one */
const readNumber = (text: string, home: string): PhoneNumber | Fault => {
  if (/^\d+([.,]\d+)?e\+?\d+$/i.test(text))
    return { code: 'scientific', detail: 'A spreadsheet made it unreadable; format the column as text and copy again' };
  const number = parsePhoneNumberFromString(text, isSupportedCountry(home) ? home : undefined);
  if (!number?.isPossible() || !isE164(number.number) || number.ext)
    return { code: 'malformed', detail: 'Not a telephone number; write it as +12025550123' };
  return number;
};

const readRange = (from: string, to: string, home: string): readonly PhoneNumber[] | Fault => {
  const [first, last] = [readNumber(from, home), readNumber(to, home)];
  if (isFault(first)) return first;
  if (isFault(last)) return last;
  const count = Number(last.number) - Number(first.number) + 1;
  if (first.number.length !== last.number.length || count < 1 || count > RANGE_MAX)
    return { code: 'bad_range', detail: `A range goes up, from one number to another as long, ${RANGE_MAX} numbers at most` };
  const numbers = Array.from({ length: count }, (_, i) => readNumber(`+${Number(first.number) + i}`, home));
  return numbers.find(isFault) ?? (numbers as PhoneNumber[]);
};

const readEntry = (text: string, home: string): readonly PhoneNumber[] | Fault => {
  const [from = '', to, ...more] = text.split(RANGE);
  if (more.length > 0) return { code: 'malformed', detail: 'A range has two ends' };
  if (to !== undefined) return readRange(from, to, home);
  const number = readNumber(from, home);
  return isFault(number) ? number : [number];
};

class Collector {
  readonly groups = new Map<string, { country: string; type: PortableType; numbers: E164[] }>();
  readonly faults: ListFault[] = [];
  private readonly lineOf = new Map<string, number>();

  constructor(
    private readonly home: string,
    private readonly numbersMax: number,
  ) {}

  take(line: number, text: string): void {
    const read = readEntry(text, this.home);
    for (const item of isFault(read) ? [read] : read) {
      const fault = isFault(item) ? item : this.add(line, item);
      if (fault) this.faults.push({ line, text: text.slice(0, SHOWN_MAX), ...fault });
    }
  }

  private add(line: number, number: PhoneNumber): Fault | undefined {
    const type = TYPE_OF[number.getType() ?? 'FIXED_LINE'];
    const { country, number: e164 } = number;
    if (this.lineOf.has(e164)) return { code: 'duplicate', detail: `${e164} is already on line ${this.lineOf.get(e164)}` };
    if (!type || !country) return { code: 'not_portable', detail: `${e164} is of a kind that is not ported` };
    if (this.lineOf.size >= this.numbersMax) return { code: 'too_many', detail: `One order takes ${this.numbersMax} numbers` };
    this.lineOf.set(e164, line);
    const key = `${country} ${type}`;
    const group = this.groups.get(key) ?? { country, type, numbers: [] };
    this.groups.set(key, group);
    group.numbers.push(e164 as E164);
    return undefined;
  }
}

/** Reads what people paste: numbers in any usual writing and ranges of them, one a line or separated by commas, semicolons or tabs. */
export const readNumberList = (text: string, home: string, numbersMax: number): NumberList => {
  const collector = new Collector(home, numbersMax);
  for (const [i, row] of text.split(/\r\n|\r|\n/).entries())
    for (const entry of row.split(/[,;\t]/)) if (entry.trim() !== '') collector.take(i + 1, entry.trim());
  return { groups: [...collector.groups.values()], faults: collector.faults };
};
