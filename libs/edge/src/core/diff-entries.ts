import type { EntryKind } from '@trunkline/edge-core';

/** An entry as it is wanted. */
export type WantedEntry = { readonly kind: EntryKind; readonly key: string; readonly value: string };
/** What must be written; `value` null removes the key, `before` is what was there. */
export type EntryChange = { readonly kind: EntryKind; readonly key: string; readonly value: string | null; readonly before: string | null };

const idOf = (entry: { readonly kind: string; readonly key: string }): string => `${entry.kind} ${entry.key}`;

/**
 * What turns the stored entries into the wanted ones, in the wanted order with removals last. Entries that are alike are left alone:
 * edges must not hear of what did not change.
 * @param stored live entries only, no tombstones
 */
export const diffEntries = (stored: readonly WantedEntry[], wanted: readonly WantedEntry[]): EntryChange[] => {
  const before = new Map(stored.map((e) => [idOf(e), e]));
  const changes: EntryChange[] = [];
  for (const { kind, key, value } of wanted) {
    const old = before.get(idOf({ kind, key }));
    before.delete(idOf({ kind, key }));
    if (old?.value !== value) changes.push({ kind, key, value, before: old?.value ?? null });
  }
  for (const { kind, key, value } of before.values()) changes.push({ kind, key, value: null, before: value });
  return changes;
};
