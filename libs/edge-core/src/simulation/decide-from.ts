import type { CallInput, Decision, Lookup } from '../decision/call.ts';
import { decide } from '../decision/decide.ts';

/** One look-up of a decision, in the order in which it asked. */
export type Read = { readonly kind: Parameters<Lookup>[0]; readonly key: string; readonly value: string | null };
export type Question = Pick<Read, 'kind' | 'key'>;

/** Each round answers at least one look-up for good, and a decision has fewer than this. */
const ROUNDS_MAX = 60;

/**
 * The decision of an edge over entries that must be fetched: it is asked again with what it wanted to know until it wants to know nothing more.
 * What it reads before that may be of a course that it does not take, so only the last round is told.
 * @param fetch the entries of these that exist
 * @throws Error on an entry that cannot be read
 */
export const decideFrom = async (
  input: CallInput,
  fetch: (questions: readonly Question[]) => Promise<readonly Read[]>,
): Promise<{ readonly decision: Decision; readonly reads: readonly Read[] }> => {
  const known = new Map<string, string | null>();
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const { decision, reads } = asked(input, known);
    const open = reads.filter((read) => !known.has(idOf(read)));
    if (open.length === 0) return { decision, reads };
    for (const question of open) known.set(idOf(question), null);
    for (const found of await fetch(open)) known.set(idOf(found), found.value);
  }
  throw new Error('the decision asks without end');
};

const asked = (input: CallInput, known: ReadonlyMap<string, string | null>) => {
  const reads: Read[] = [];
  const decision = decide(input, (kind, key) => {
    const value = known.get(idOf({ kind, key })) ?? null;
    reads.push({ kind, key, value });
    return value;
  });
  return { decision, reads };
};

const idOf = ({ kind, key }: Question): string => `${kind} ${key}`;
