/** Wrong PINs that were tried on a number since the first of them. */
export type PinGuesses = { readonly wrong: number; readonly since: Date | null };
export const NO_GUESSES: PinGuesses = { wrong: 0, since: null };

// 5 a day of 10,000 four-digit PINs: an even chance after 2.7 years, each of whose days warns the tenant
export const WRONG_PINS_MAX = 5;
const WINDOW_MS = 86_400_000;

const current = (guesses: PinGuesses, now: Date): PinGuesses =>
  guesses.since !== null && now.getTime() < guesses.since.getTime() + WINDOW_MS ? guesses : NO_GUESSES;

/** While it is, the right PIN is refused as a wrong one would be, so that going on tells nothing. */
export const isPinLocked = (guesses: PinGuesses, now: Date): boolean => current(guesses, now).wrong >= WRONG_PINS_MAX;

/** Counts a wrong PIN. A right one takes nothing back: it may be one of many that are tried at different numbers. */
export const afterWrongPin = (guesses: PinGuesses, now: Date): PinGuesses => {
  const { wrong, since } = current(guesses, now);
  return { wrong: Math.min(wrong + 1, WRONG_PINS_MAX), since: since ?? now };
};

/** Until when every PIN is refused; null: none is for being tried too often. */
export const pinBlockedUntil = (guesses: PinGuesses, now: Date): Date | null =>
  isPinLocked(guesses, now) && guesses.since !== null ? new Date(guesses.since.getTime() + WINDOW_MS) : null;
