/** How far back a request may reach: clocks differ and requests take time. */
const GRACE_MS = 5 * 60_000;

/** Whether a price that began at `from` would change calls that may be rated already. */
export const isPast = (from: Date, now: Date): boolean => from.getTime() < now.getTime() - GRACE_MS;
