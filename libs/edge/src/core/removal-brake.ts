import type { EntryChange } from './diff-entries.ts';

const FREE_REMOVALS = 20;
const FREE_SHARE = 0.05;

/**
 * Why a repair must not happen by itself: it would remove more than max(20, 5 %) of a kind, which looks less like drift than like a
 * database that lost rows. Undefined when it may go ahead.
 * @param present how many live entries each kind has now
 */
export const removalBrake = (present: ReadonlyMap<string, number>, changes: readonly EntryChange[]): string | undefined => {
  const removals = new Map<string, number>();
  for (const { kind, value } of changes) if (value === null) removals.set(kind, (removals.get(kind) ?? 0) + 1);
  for (const [kind, count] of removals) {
    const of = present.get(kind) ?? 0;
    if (count > Math.max(FREE_REMOVALS, of * FREE_SHARE)) return `would remove ${count} of ${of} entries of kind ${kind}`;
  }
  return undefined;
};
