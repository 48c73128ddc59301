const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** How long after the attempt before each attempt is made: greylisting (RFC 6647) is over after a few minutes, an outage after hours. */
const DELAYS_MS = [0, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, 120 * MINUTE, 360 * MINUTE] as const;

/** What becomes of a mail after `made` attempts that failed. A 5xx of the server (RFC 5321 §4.2.1) is final. */
export const nextMailAttempt = (made: number, at: Date, responseCode: number | undefined): Date | undefined => {
  const delay = DELAYS_MS[made];
  const final = responseCode !== undefined && responseCode >= 500;
  return delay === undefined || final ? undefined : new Date(at.getTime() + delay);
};
