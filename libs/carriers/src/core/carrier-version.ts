const SINCE_MS = Date.UTC(2020, 0, 1);
const SETTLED_MS = 2_000;

/**
 * A version for the view of a carrier that counts none: by when it last changed. Carriers tell that to the second, so what is younger than two may
 * change again without a newer time: it has an even version, and is looked at once more as the odd one after it. It fits 31 bits until 2054.
 */
export const versionAt = (changedAt: Date, now: Date): number => {
  const secs = Math.max(0, Math.floor((changedAt.getTime() - SINCE_MS) / 1000));
  return secs * 2 + (now.getTime() - changedAt.getTime() >= SETTLED_MS ? 1 : 0);
};
