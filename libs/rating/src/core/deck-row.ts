import { PRICE_MAX_NANOS, formatDecimal, parseDecimal } from '@trunkline/kernel';
import type { Rate } from './deck.ts';
import type { DeckColumn } from './deck-columns.ts';

export type CellFault = { readonly column: DeckColumn; readonly code: string; readonly detail: string };
export type Cells = { readonly [K in DeckColumn]: string };

/** Rate sheets without increments mean whole minutes: what Twilio and Telnyx bill. */
const DEFAULT_SECONDS = '60';
const SECONDS_MAX = 3600;
const DESTINATION_MAX = 120;
const SCIENTIFIC = /^[+-]?\d+([.,]\d+)?e[+-]?\d+$/i;

class Faults {
  readonly list: CellFault[] = [];
  add(column: DeckColumn, code: string, detail: string): void {
    this.list.push({ column, code, detail });
  }
}

const readPrefix = (text: string, faults: Faults): string => {
  const digits = text.replace(/^\+/, '');
  if (SCIENTIFIC.test(text))
    faults.add('prefix', 'scientific', `${text} was turned into a number by a spreadsheet; format the column as text and export again`);
  else if (/[,;-]/.test(text)) faults.add('prefix', 'list', 'One prefix a row: lists and ranges are not read');
  else if (/^0/.test(digits)) faults.add('prefix', 'leading_zero', 'E.164 prefixes begin with the country code, without 00 or 011');
  else if (!/^[1-9]\d{0,14}$/.test(digits)) faults.add('prefix', 'malformed', 'A prefix is 1 to 15 digits');
  return digits;
};

const readPrice = (column: 'rate' | 'connect_fee', text: string, faults: Faults): bigint => {
  const nanos = parseDecimal(text);
  if (text.startsWith('-')) faults.add(column, 'negative', 'A price cannot be negative');
  else if (SCIENTIFIC.test(text)) faults.add(column, 'scientific', 'Write the price as a plain decimal, e.g. 0.0085');
  else if (/^\d*,\d+$/.test(text)) faults.add(column, 'comma_decimal', 'The decimal sign is a point, e.g. 0.0085');
  else if (nanos === undefined)
    faults.add(column, text === '' ? 'missing' : 'malformed', 'A price is a decimal with at most 9 places, e.g. 0.0085');
  else if (nanos > PRICE_MAX_NANOS) faults.add(column, 'too_large', `A price is at most ${formatDecimal(PRICE_MAX_NANOS)}`);
  return nanos ?? 0n;
};

const readSeconds = (column: 'initial' | 'increment', text: string, faults: Faults): number => {
  const seconds = Number(text);
  if (!/^\d{1,4}$/.test(text) || seconds < 1 || seconds > SECONDS_MAX)
    faults.add(column, 'malformed', `Whole seconds, 1 to ${SECONDS_MAX}`);
  return seconds;
};

/** `60` and `6` in their columns, or `60/6` in either while the other is empty. */
const splitIncrements = ({ initial, increment }: Cells): { initial: string; increment: string } => {
  const both = initial.includes('/') && increment === '' ? initial : increment.includes('/') && initial === '' ? increment : undefined;
  if (both === undefined) return { initial: initial || DEFAULT_SECONDS, increment: increment || DEFAULT_SECONDS };
  const [first = '', ...rest] = both.split('/');
  return { initial: first.trim(), increment: rest.join('/').trim() };
};

const readDestination = (text: string, faults: Faults): string => {
  // a NUL would not even fit into a database text
  if (text.length > DESTINATION_MAX || /[\u0000-\u001f\u007f]/.test(text)) {
    faults.add('destination', 'malformed', `At most ${DESTINATION_MAX} characters, no control characters`);
  }
  return text;
};

/** Reads one row; every fault of it is listed, and with none the rate is good. */
export const readRow = (cells: Cells): { readonly rate: Rate; readonly faults: readonly CellFault[] } => {
  const faults = new Faults();
  const { initial, increment } = splitIncrements(cells);
  const rate: Rate = {
    prefix: readPrefix(cells.prefix, faults),
    destination: readDestination(cells.destination, faults),
    ratePerMinuteNanos: readPrice('rate', cells.rate, faults),
    connectFeeNanos: readPrice('connect_fee', cells.connect_fee || '0', faults),
    initialSeconds: readSeconds('initial', initial, faults),
    incrementSeconds: readSeconds('increment', increment, faults),
  };
  return { rate, faults: faults.list };
};
