const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Losing carriers that answer by a machine do so in minutes; people there take days. */
const PATIENCE_MS = 3 * 24 * HOUR;

/** When a record is asked after again: soon at first, in the end once an hour. @returns null: it does not come any more */
export const askAgainAt = (since: Date, now: Date): Date | null => {
  const waitedMs = now.getTime() - since.getTime();
  if (waitedMs >= PATIENCE_MS) return null;
  return new Date(now.getTime() + Math.min(Math.max(waitedMs, MINUTE), HOUR));
};
