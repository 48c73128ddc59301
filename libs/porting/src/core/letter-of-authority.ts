/** What a letter of authority says: who lets which numbers go from whom to whom. Amounts to a snapshot of the order when it was signed. */
export type Letter = {
  readonly subscriberName: string;
  readonly addressLines: readonly string[];
  readonly accountNumber: string | null;
  readonly billingNumber: string | null;
  readonly losingCarrier: string;
  readonly gainingCarrier: string;
  readonly numbers: readonly string[];
  readonly numbersStay: boolean; // the account keeps others
};

/** How it was signed. `numbersHash` binds the signature to the list that was shown. */
export type LetterSignature = {
  readonly signerName: string;
  readonly signerTitle: string | null;
  readonly signedAt: Date;
  readonly address: string; // that the request came from
  readonly userAgent: string;
  readonly numbersHash: string; // SHA-256, hex
};

/** What whoever signs declares. */
export const authorityOf = (gaining: string, losing: string): string =>
  `I hold the account named above, or may decide for whoever does. I authorize ${gaining} to have the telephone numbers listed here moved to it ` +
  `from ${losing}, to act for me in doing so, and to learn what ${losing} has on record of the account. This authority ends when the numbers ` +
  'have moved, or earlier if I take it back in writing before a date for the move is firm.';

export const LETTER_MAX_AGE_DAYS = 30;
const DAY_MS = 86_400_000;

/** The text that is hashed: the same for the same set, however it was ordered or doubled. */
export const canonicalNumbers = (numbers: readonly string[]): string => [...new Set(numbers)].sort().join('\n');

export type LetterFault = 'unsigned' | 'list_changed' | 'signed_in_the_future' | 'too_old';

/** Why a carrier would not take a letter; null: it would. @param numbersHash of the list as it is now */
export const letterFault = (
  signature: Pick<LetterSignature, 'numbersHash' | 'signedAt'> | null,
  numbersHash: string,
  now: Date,
): LetterFault | null => {
  if (signature === null) return 'unsigned';
  if (signature.numbersHash !== numbersHash) return 'list_changed';
  const ageMs = now.getTime() - signature.signedAt.getTime();
  if (ageMs < 0) return 'signed_in_the_future';
  return ageMs > LETTER_MAX_AGE_DAYS * DAY_MS ? 'too_old' : null;
};
