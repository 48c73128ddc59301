/** What may be guessed at, by whom, how often: an attempt counts before its answer is known, so that many at once are no way around. */
export const GUESS_LIMITS = {
  /** One address at one account: a person who mistypes. */
  pair: { max: 8, windowSecs: 900 },
  /** One address at all accounts: a list of stolen passwords. */
  address: { max: 60, windowSecs: 900 },
  /** All addresses at one account. High, since whoever knows the name could lock its owner out. */
  account: { max: 200, windowSecs: 86_400 },
  /** Mails that one address, or everybody, can have sent to one recipient. */
  mailFrom: { max: 20, windowSecs: 3_600 },
  mailTo: { max: 5, windowSecs: 3_600 },
  /** Codes that one tenant, or everybody, can have sent to one telephone. */
  codeFrom: { max: 50, windowSecs: 3_600 },
  codeTo: { max: 5, windowSecs: 3_600 },
} as const;
export type GuessLimit = keyof typeof GUESS_LIMITS;
export type Guessed = { readonly limit: GuessLimit; readonly subject: string };

/** Whom an attempt to log in counts against. */
export const guessesAtAccount = (email: string, address: string): readonly Guessed[] => [
  { limit: 'pair', subject: `${email} ${address}` },
  { limit: 'address', subject: address },
  { limit: 'account', subject: email },
];

/** Whom a mail counts against. */
export const guessesAtMailbox = (email: string, address: string): readonly Guessed[] => [
  { limit: 'mailFrom', subject: address },
  { limit: 'mailTo', subject: email },
];
