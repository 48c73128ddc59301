import { CONTRACT, ENTRY_KINDS } from './protocol.ts';
import type { Entry, EntryKind } from './protocol.ts';

/** A roll-out begins with the control plane: while the edges follow one by one, those of the contract before are served beside the new. */
export const OLDEST_CONTRACT = CONTRACT - 1;

export const isServed = (contract: number): boolean => contract >= OLDEST_CONTRACT && contract <= CONTRACT;

/** The kinds of the contracts before; dropped from here once a contract is no longer served. */
const FORMER_KINDS: Readonly<Record<number, readonly EntryKind[]>> = {
  2: ['tenant', 'trunk', 'credential', 'number', 'source', 'route', 'emergency', 'country', 'pbx', 'allow_list'],
};

/** The kinds of entry that an agent of a contract knows: it is sent these, and its checksums of these are compared. */
export const kindsOf = (contract: number): readonly EntryKind[] => FORMER_KINDS[contract] ?? ENTRY_KINDS;

/** Entries as an agent of a contract can read them. Fields that it does not know are its own to ignore. */
export const entriesFor = (contract: number, entries: readonly Entry[]): readonly Entry[] => {
  const kinds = kindsOf(contract);
  return entries.filter((e) => kinds.includes(e.kind));
};
