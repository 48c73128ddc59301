import { isPinLocked } from './pin-guesses.ts';
import type { PinGuesses } from './pin-guesses.ts';

/** The only reasons that a number may be kept for; a debt or a running contract is none. */
export const PORT_OUT_REASONS = [
  'ACCOUNT_NUMBER_MISMATCH',
  'NAME_MISMATCH',
  'PIN_INVALID',
  'PORT_LOCK',
  'POSTAL_CODE_MISMATCH',
  'TN_MISMATCH',
  'TN_NOT_ACTIVE',
  'TOO_MANY_NUMBERS',
] as const;
export type PortOutReason = (typeof PORT_OUT_REASONS)[number];

/** What is known of a number that is asked for. `pin`: null when it has none; else whether the request has it right. */
export type NumberStanding = {
  readonly e164: string;
  readonly tenantId: string | null; // who holds it; null: nobody here
  readonly active: boolean;
  readonly locked: boolean;
  readonly pin: 'right' | 'wrong' | null;
  readonly guesses: PinGuesses;
};

/** What the request says of the account, beside what the account says; null where one of them says nothing. */
export type AccountMatch = { readonly accountNumber: boolean | null; readonly postalCode: boolean | null };

export type PortOutRequest = {
  readonly numbers: readonly NumberStanding[];
  readonly account: AccountMatch;
  readonly numbersMax: number; // of one request
  readonly synchronous: boolean; // the carrier waits on the line, and takes silence for a yes
  readonly receivedAt: Date;
  readonly deadline: Date; // the carrier's
};

export type PortOutDecision =
  | { readonly kind: 'rejected'; readonly reason: PortOutReason; readonly numbers: readonly string[] }
  | { readonly kind: 'authorized' }
  | { readonly kind: 'asked'; readonly until: Date };

/** We answer this long before the carrier's own deadline, lest the answer be late. */
const SAFETY_MS = 2 * 3_600_000;

/** Until when the tenant can answer. Of a short time half is the tenant's. */
export const tenantDeadline = ({ receivedAt, deadline }: Pick<PortOutRequest, 'receivedAt' | 'deadline'>): Date => {
  const time = Math.max(deadline.getTime() - receivedAt.getTime(), 0);
  return new Date(deadline.getTime() - Math.min(SAFETY_MS, time / 2));
};

type Rejection = Extract<PortOutDecision, { kind: 'rejected' }>;

// a number of nobody and one of somebody else get the same answer
const numberReason = (
  { tenantId, active, locked, pin, guesses }: NumberStanding,
  owner: string | null,
  at: Date,
): PortOutReason | undefined => {
  if (tenantId === null || tenantId !== owner) return 'TN_MISMATCH';
  if (!active) return 'TN_NOT_ACTIVE';
  if (locked) return 'PORT_LOCK';
  return pin === 'wrong' || (pin !== null && isPinLocked(guesses, at)) ? 'PIN_INVALID' : undefined;
};

const rejectionOf = ({ numbers, account, numbersMax, receivedAt }: PortOutRequest): Rejection | undefined => {
  const rejected = (reason: PortOutReason, e164s: readonly string[] = []): Rejection => ({ kind: 'rejected', reason, numbers: e164s });
  if (numbers.length === 0) return rejected('TN_MISMATCH');
  if (numbers.length > numbersMax) return rejected('TOO_MANY_NUMBERS');
  const owner = numbers.find((n) => n.tenantId !== null)?.tenantId ?? null;
  const reasons = numbers.map((n) => numberReason(n, owner, receivedAt));
  for (const reason of ['TN_MISMATCH', 'TN_NOT_ACTIVE', 'PORT_LOCK', 'PIN_INVALID'] as const) {
    const about = numbers.filter((_, i) => reasons[i] === reason).map((n) => n.e164);
    if (about.length > 0) return rejected(reason, about);
  }
  if (account.accountNumber === false) return rejected('ACCOUNT_NUMBER_MISMATCH');
  return account.postalCode === false ? rejected('POSTAL_CODE_MISMATCH') : undefined;
};

/** What becomes of a request as it comes in. A carrier on the line is answered from what is stored; any other one can wait for the tenant. */
export const decidePortOut = (request: PortOutRequest): PortOutDecision => {
  const rejection = rejectionOf(request);
  if (rejection) return rejection;
  return request.synchronous ? { kind: 'authorized' } : { kind: 'asked', until: tenantDeadline(request) };
};
