/** What is said of an object, by aspect, e.g. its state and amounts. */
export type Facts = Readonly<Record<string, string>>;
/** `kind`: the aspect in which two sides differ, or that one side does not know the object. */
export type Difference = { readonly kind: string; readonly ours: string; readonly theirs: string };

const told = (facts: Facts): string =>
  Object.entries(facts)
    .map(([aspect, value]) => `${aspect} ${value}`)
    .join(', ');

/** In what two sides differ about one object; undefined: that side does not know it. */
export const differences = (ours: Facts | undefined, theirs: Facts | undefined): Difference[] => {
  if (!ours) return theirs ? [{ kind: 'missing_here', ours: '', theirs: told(theirs) }] : [];
  if (!theirs) return [{ kind: 'missing_there', ours: told(ours), theirs: '' }];
  return Object.entries(ours)
    .filter(([aspect, value]) => theirs[aspect] !== value)
    .map(([aspect, value]) => ({ kind: aspect, ours: value, theirs: theirs[aspect] ?? '' }));
};

/** What differed before the news were taken over and differs no more: the message that should have told us was lost. */
export const healed = (before: readonly Difference[], after: readonly Difference[]): Difference[] =>
  before.filter(({ kind }) => !after.some((difference) => difference.kind === kind));
