/** How long a number is kept for a tenant that reserves it, and by how much it is prolonged. */
export const RESERVATION_MINS = 15;
/** How long it can be kept in all, from the first reservation on. */
export const RESERVATION_HOURS_MAX = 24;
/** How many numbers a tenant may have reserved at a time: as many as a bulk order takes, ten times. */
export const RESERVED_MAX = 1_000;

const MINUTE_MS = 60_000;

export const reservedUntil = (now: Date): Date => new Date(now.getTime() + RESERVATION_MINS * MINUTE_MS);

/** The end of a reservation that is prolonged now: never sooner than it was, never later than a day after it began. */
export const prolonged = (reservedAt: Date, until: Date, now: Date): Date => {
  const last = reservedAt.getTime() + RESERVATION_HOURS_MAX * 60 * MINUTE_MS;
  return new Date(Math.max(until.getTime(), Math.min(reservedUntil(now).getTime(), last)));
};
