import { AppError, canTransition } from '@trunkline/kernel';
import type { E164, Transitions } from '@trunkline/kernel';
import { identityErrors } from './errors.ts';

/** How a tenant proves that it may present a number that is not its own: by a code sent to it, spoken or written, or by papers. */
export const METHODS = ['sms', 'voice', 'document'] as const;
export type Method = (typeof METHODS)[number];

/** What a proof is worth: `verified` is the whole of it, `documented` says that the customer showed papers. The edge attests A or B by it. */
export const RIGHTS = ['verified', 'documented'] as const;
export type Right = (typeof RIGHTS)[number];

export const STATES = ['pending', 'in_review', 'verified', 'rejected', 'expired', 'revoked'] as const;
export type VerificationState = (typeof STATES)[number];

/** A number waits for its code, or for the operator. What is over is over: whoever wants it again begins anew. */
export const TRANSITIONS: Transitions<VerificationState> = {
  pending: ['verified', 'revoked'],
  in_review: ['verified', 'rejected', 'revoked'],
  verified: ['expired', 'revoked'],
  rejected: [],
  expired: [],
  revoked: [],
};

export const CODE_LIVES_MS = 10 * 60_000;
export const CODE_ATTEMPTS = 5;
export const CODE_SENDS = 3;
export const SEND_PAUSE_MS = 60_000;
const MONTHS_BY_CODE = 12;

export type VerifiedNumber = {
  readonly id: string; // uuid
  readonly e164: E164;
  readonly method: Method;
  readonly state: VerificationState;
  readonly right: Right | null; //       null until it is verified
  readonly documentId: string | null; // uuid of the paper
  readonly codeExpiresAt: Date | null;
  readonly codeSentAt: Date | null;
  readonly attemptsLeft: number; //      at the present code
  readonly sendsLeft: number; //         codes that may still be sent
  readonly reason: string | null; //     why it was rejected
  readonly verifiedAt: Date | null;
  readonly expiresAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

/** A number at the beginning of its proof. By a code it still lacks one, see `withCode`. */
export const openVerification = (id: string, e164: E164, method: Method, documentId: string | null, now: Date): VerifiedNumber => ({
  id,
  e164,
  method,
  state: method === 'document' ? 'in_review' : 'pending',
  right: null,
  documentId,
  codeExpiresAt: null,
  codeSentAt: null,
  attemptsLeft: 0,
  sendsLeft: method === 'document' ? 0 : CODE_SENDS,
  reason: null,
  verifiedAt: null,
  expiresAt: null,
  createdAt: now,
  updatedAt: now,
});

/** With a new code on its way, which takes the place of the one before. @throws AppError verified_number.not_pending, too_soon, too_many_codes */
export const withCode = (number: VerifiedNumber, now: Date): VerifiedNumber => {
  if (number.state !== 'pending') throw new AppError(identityErrors.notPending);
  if (number.sendsLeft === 0) throw new AppError(identityErrors.tooManyCodes, 'Revoke the verification and begin anew, later');
  const waitMs = number.codeSentAt === null ? 0 : number.codeSentAt.getTime() + SEND_PAUSE_MS - now.getTime();
  if (waitMs > 0) throw new AppError(identityErrors.tooSoon, `Ask again in ${Math.ceil(waitMs / 1000)} seconds`);
  return {
    ...number,
    codeExpiresAt: new Date(now.getTime() + CODE_LIVES_MS),
    codeSentAt: now,
    attemptsLeft: CODE_ATTEMPTS,
    sendsLeft: number.sendsLeft - 1,
    updatedAt: now,
  };
};

/** After the right code. A code that reached the telephone is the whole proof. @throws AppError verified_number.not_pending */
export const confirmed = (number: VerifiedNumber, now: Date): VerifiedNumber => {
  if (number.state !== 'pending') throw new AppError(identityErrors.notPending);
  return verifiedFor(number, 'verified', MONTHS_BY_CODE, now);
};

export type Verdict =
  { readonly state: 'verified'; readonly right: Right; readonly months: number } | { readonly state: 'rejected'; readonly reason: string };

/** What the operator makes of the paper. @throws AppError verified_number.not_in_review */
export const reviewed = (number: VerifiedNumber, verdict: Verdict, now: Date): VerifiedNumber => {
  if (number.state !== 'in_review') throw new AppError(identityErrors.notInReview);
  if (verdict.state === 'rejected') return { ...number, state: 'rejected', reason: verdict.reason, updatedAt: now };
  return verifiedFor(number, verdict.right, verdict.months, now);
};

/** @throws AppError verified_number.not_revocable */
export const revoked = (number: VerifiedNumber, now: Date): VerifiedNumber => {
  if (!canTransition(TRANSITIONS, stateAt(number, now), 'revoked')) throw new AppError(identityErrors.notVerified);
  return { ...number, state: 'revoked', attemptsLeft: 0, sendsLeft: 0, updatedAt: now };
};

/** By the clock: a job tells of it later. */
export const stateAt = ({ state, expiresAt }: VerifiedNumber, now: Date): VerificationState =>
  state === 'verified' && expiresAt !== null && expiresAt <= now ? 'expired' : state;

const verifiedFor = (number: VerifiedNumber, right: Right, months: number, now: Date): VerifiedNumber => {
  const expiresAt = new Date(now);
  expiresAt.setUTCMonth(expiresAt.getUTCMonth() + months);
  return { ...number, state: 'verified', right, attemptsLeft: 0, sendsLeft: 0, verifiedAt: now, expiresAt, updatedAt: now };
};
