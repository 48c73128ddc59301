import { EMPTY_CHECKSUM, addToChecksum, removeFromChecksum } from '@trunkline/edge-core';
import type { EntryChange, WantedEntry } from './diff-entries.ts';

/** Per kind the running checksum of its entries (edge-core's checksum.ts), before it is formatted. */
export type EntrySums = Readonly<Record<string, number>>;

/** @param from sums of entries that were counted before these */
export const sumsOf = (entries: readonly WantedEntry[], from: EntrySums = {}): EntrySums => {
  const sums: Record<string, number> = { ...from };
  for (const { kind, key, value } of entries) sums[kind] = addToChecksum(sums[kind] ?? EMPTY_CHECKSUM, key, value);
  return sums;
};

/** The sums after the changes, without looking at the entries that stay. */
export const sumsAfter = (sums: EntrySums, changes: readonly EntryChange[]): EntrySums => {
  const next: Record<string, number> = { ...sums };
  for (const { kind, key, value, before } of changes) {
    let sum = next[kind] ?? EMPTY_CHECKSUM;
    if (before !== null) sum = removeFromChecksum(sum, key, before);
    if (value !== null) sum = addToChecksum(sum, key, value);
    next[kind] = sum;
  }
  return next;
};

/** Kinds that are missing count as empty. */
export const sameSums = (a: EntrySums, b: EntrySums): boolean =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].every((kind) => (a[kind] ?? EMPTY_CHECKSUM) === (b[kind] ?? EMPTY_CHECKSUM));
