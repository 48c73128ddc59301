import type { EntryKind } from '../protocol.ts';
import { ANY } from '../entries/entry-values.ts';
import type { Lookup } from './call.ts';

/** The entry under the longest prefix of `digits` that has one (at most `longest` digits), else the one for all (`*`), else null. */
export const longestPrefix = (lookup: Lookup, kind: EntryKind, digits: string, longest: number): string | null => {
  for (let length = Math.min(digits.length, longest); length > 0; length--) {
    const value = lookup(kind, digits.substring(0, length));
    if (value !== null) return value;
  }
  return lookup(kind, ANY);
};
