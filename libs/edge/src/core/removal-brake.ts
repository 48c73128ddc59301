import type { EntryChange } from './diff-entries.ts';

const FREE_REMOVALS = 20;
const FREE_SHARE = 0.05;

/** Per kind, how many entries. */
export type Removals = Readonly<Record<string, number>>;
export type Brake = { readonly reason: string; readonly removals: Removals };

/**
 * Why a repair must not happen by itself: it would remove more than max(20, 5 %) of a kind, which looks less like drift than like a
 * database that lost rows. Undefined when it may go ahead.
 * @param present how many live entries each kind has now
 * @param released what an operator looked at and let go: so many of a kind, and no more
 */
export const removalBrake = (
  present: ReadonlyMap<string, number>,
  changes: readonly EntryChange[],
  released: Removals = {},
): Brake | undefined => {
  const removals = new Map<string, number>();
  for (const { kind, value } of changes) if (value === null) removals.set(kind, (removals.get(kind) ?? 0) + 1);
  const tooMany = [...removals].filter(
    ([kind, count]) => count > Math.max(FREE_REMOVALS, (present.get(kind) ?? 0) * FREE_SHARE, released[kind] ?? 0),
  );
  if (tooMany.length === 0) return undefined;
  const reasons = tooMany.map(([kind, count]) => `would remove ${count} of ${present.get(kind) ?? 0} entries of kind ${kind}`);
  return { reason: reasons.join('; '), removals: Object.fromEntries(tooMany) };
};

/** Whether the same counts are named on both sides. */
export const sameRemovals = (a: Removals, b: Removals): boolean =>
  Object.keys(a).length === Object.keys(b).length && Object.entries(a).every(([kind, count]) => b[kind] === count);
