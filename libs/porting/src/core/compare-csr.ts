import type { CustomerRecord } from '@trunkline/carriers';

export type CsrLine = { readonly field: string; readonly ours: string | null; readonly theirs: string; readonly same: boolean };
export type CsrComparison = {
  readonly lines: readonly CsrLine[];
  readonly notOnAccount: readonly string[]; // asked for, and not there
  readonly staying: readonly string[]; //      there, and not asked for: the port is partial
};

/** Words that records and people write differently, and carriers take for the same. */
const SHORT: Readonly<Record<string, string>> = {
  street: 'st',
  avenue: 'ave',
  boulevard: 'blvd',
  road: 'rd',
  drive: 'dr',
  lane: 'ln',
  court: 'ct',
  place: 'pl',
  highway: 'hwy',
  parkway: 'pkwy',
  suite: 'ste',
  floor: 'fl',
  north: 'n',
  south: 's',
  east: 'e',
  west: 'w',
  northeast: 'ne',
  northwest: 'nw',
  southeast: 'se',
  southwest: 'sw',
  incorporated: 'inc',
  corporation: 'corp',
  company: 'co',
  limited: 'ltd',
  and: '&',
};
const WORDED: ReadonlySet<string> = new Set(['subscriber_name', 'signer_name', 'service_address', 'city']);
const HIDDEN: ReadonlySet<string> = new Set(['pin']); // never told, so never compared

// case, accents, punctuation and spaces decide nothing
const words = (text: string): readonly string[] =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}&]+/u)
    .filter(Boolean);

const essence = (field: string, text: string): string =>
  WORDED.has(field)
    ? words(text)
        .map((word) => SHORT[word] ?? word)
        .join(' ')
    : field === 'postal_code' && /^\d{5}-\d{4}$/.test(text)
      ? text.slice(0, 5) // many records have no ZIP+4
      : words(text).join('');

/** An order beside the losing carrier's record: what differs would be sent back. */
export const compareCsr = (
  order: { readonly fields: Readonly<Record<string, string>>; readonly numbers: readonly string[] },
  record: CustomerRecord,
): CsrComparison => {
  const lines = Object.entries(record.fields)
    .filter(([field]) => !HIDDEN.has(field))
    .map(([field, theirs]) => {
      const ours = order.fields[field] ?? null;
      return { field, ours, theirs, same: ours !== null && essence(field, ours) === essence(field, theirs) };
    });
  const onAccount = new Set(record.numbers);
  const asked = new Set(order.numbers);
  return {
    lines,
    notOnAccount: record.numbers.length === 0 ? [] : order.numbers.filter((n) => !onAccount.has(n)),
    staying: record.numbers.filter((n) => !asked.has(n)),
  };
};
