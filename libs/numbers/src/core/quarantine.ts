import type { E164 } from '@trunkline/kernel';

const DAY_MS = 86_400_000;

/**
 * How long a released number rests before somebody else may have it, in days.
 * North America: at least 45 days after a permanent disconnect (47 CFR 52.15(f)(1)(ii)), the same for its toll-free numbers (47 CFR 52.103).
 * Elsewhere: the right to take a number along outlives its contract by 31 days in the United Kingdom (General Condition C7.6) and a month in
 * the European Union (Directive (EU) 2018/1972, Article 106(3)); 35 covers both.
 */
export const QUARANTINE_DAYS = { northAmerica: 45, elsewhere: 35 } as const;

const daysOf = (e164: E164): number => (e164.startsWith('+1') ? QUARANTINE_DAYS.northAmerica : QUARANTINE_DAYS.elsewhere);

/** When a number released at `releasedAt` becomes available again. */
export const quarantineEnd = (e164: E164, releasedAt: Date): Date => new Date(releasedAt.getTime() + daysOf(e164) * DAY_MS);
