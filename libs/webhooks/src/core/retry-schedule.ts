const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** How long after the one before each attempt is made (Standard Webhooks 1.0, «Retry schedule»): ten over 75:35:05. */
export const DELAYS_MS = [0, 5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR] as const;
export const ATTEMPTS_MAX = DELAYS_MS.length;
const RETRY_AFTER_MAX_MS = 24 * HOUR;

/**
 * When to try again after `made` attempts, the last of which ended at `at`; undefined when there were enough. A receiver may ask for more
 * time, up to a day, never for less.
 */
export const nextAttempt = (made: number, at: Date, retryAfterMs = 0): Date | undefined => {
  const delay = DELAYS_MS[made];
  return delay === undefined ? undefined : new Date(at.getTime() + Math.max(delay, Math.min(retryAfterMs, RETRY_AFTER_MAX_MS)));
};

/** The `Retry-After` header in milliseconds (RFC 9110 §10.2.3): seconds, or a date. What is neither says nothing. */
export const retryAfterMs = (header: string | undefined, now: Date): number => {
  if (header === undefined) return 0;
  if (/^\d{1,9}$/.test(header)) return Number(header) * SECOND;
  const until = /^[A-Z][a-z]{2}, /.test(header) ? Date.parse(header) : NaN;
  return Number.isNaN(until) ? 0 : Math.max(0, until - now.getTime());
};
