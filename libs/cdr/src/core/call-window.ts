import { startOfUtcDay } from '@trunkline/kernel';
import type { Period } from '@trunkline/kernel';

const DAY_MS = 86_400_000;
/** How far back a search looks that does not say. */
export const WINDOW_DAYS = 30;
/** Records may be up to two days ahead of our clock. */
const AHEAD_MS = 3 * DAY_MS;

/**
 * The starts of calls that a search covers. Without `from` it begins at a midnight, not at this very moment: the pages of one list then
 * share their window.
 */
export const callWindow = (asked: { readonly from?: Date | undefined; readonly to?: Date | undefined }, now: Date): Period => {
  const to = asked.to ?? new Date(startOfUtcDay(now).getTime() + AHEAD_MS);
  const back = startOfUtcDay(asked.to ?? now).getTime() - WINDOW_DAYS * DAY_MS;
  return { from: asked.from ?? new Date(back), to };
};

/** The UTC days of a window, the newest first; the first and the last may be parts of one. */
export function* daysOf({ from, to }: Period): Generator<Period> {
  for (let end = to; end > from;) {
    const midnight = startOfUtcDay(new Date(end.getTime() - 1));
    const start = midnight > from ? midnight : from;
    yield { from: start, to: end };
    end = start;
  }
}
