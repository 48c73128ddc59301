import { AppError, invalidField } from '@trunkline/kernel';
import { PORT_OUT_REASONS } from './decide-port-out.ts';
import type { PortOutReason, PortOutRequest } from './decide-port-out.ts';
import { portOutErrors } from './port-out-errors.ts';
import type { PortOutState } from './port-out-machine.ts';

export type PortOutStanding = { readonly state: PortOutState; readonly until: Date | null; readonly completedAt: Date | null };
export type TenantAnswer = { readonly kind: 'authorize' } | { readonly kind: 'reject'; readonly reason: string; readonly evidence: string };

export const DISPUTE_MS = 72 * 3_600_000;
const EVIDENCE_MIN = 10; // characters; less is no statement

/** Whether silence has decided: from the deadline on it has, whenever somebody looks. */
export const isAuthorizedBySilence = ({ state, until }: PortOutStanding, now: Date): boolean =>
  state === 'pending_tenant' && until !== null && now >= until;

const isReason = (text: string): text is PortOutReason => (PORT_OUT_REASONS as readonly string[]).includes(text);

// a reason that was looked into when the request came, and found untrue, is none
const REFUTED: Partial<Readonly<Record<PortOutReason, (request: PortOutRequest) => boolean>>> = {
  TN_MISMATCH: () => true, // it would not be asked about
  TN_NOT_ACTIVE: ({ numbers }) => numbers.every((n) => n.active),
  PORT_LOCK: ({ numbers }) => numbers.every((n) => !n.locked),
  PIN_INVALID: ({ numbers }) => numbers.every((n) => n.pin !== 'wrong'),
  ACCOUNT_NUMBER_MISMATCH: ({ account }) => account.accountNumber === true,
  POSTAL_CODE_MISMATCH: ({ account }) => account.postalCode === true,
  TOO_MANY_NUMBERS: ({ numbers, numbersMax }) => numbers.length <= numbersMax,
};

/** @throws AppError request.invalid naming the field, port_out.reason_refuted */
const demandReason = (request: PortOutRequest, { reason, evidence }: Extract<TenantAnswer, { kind: 'reject' }>): void => {
  if (!isReason(reason))
    throw invalidField('/reason', 'not_allowed', `A number may be kept only for one of ${PORT_OUT_REASONS.join(', ')}`);
  if (evidence.trim().length < EVIDENCE_MIN)
    throw invalidField('/evidence', 'missing', 'Say what the account has, and what the request says');
  if (REFUTED[reason]?.(request)) throw new AppError(portOutErrors.reasonRefuted);
};

/**
 * A tenant's answer counts until the last millisecond before its deadline.
 * @throws AppError port_out.decided, port_out.deadline_passed, port_out.reason_refuted, request.invalid
 */
export const answerPortOut = (
  port: PortOutStanding,
  request: PortOutRequest,
  answer: TenantAnswer,
  now: Date,
): Extract<PortOutState, 'authorized' | 'rejected'> => {
  if (port.state !== 'pending_tenant') throw new AppError(portOutErrors.decided, `The request is ${port.state}`);
  if (isAuthorizedBySilence(port, now)) throw new AppError(portOutErrors.deadlinePassed);
  if (answer.kind === 'authorize') return 'authorized';
  demandReason(request, answer);
  return 'rejected';
};

/** A number that left and should not have is asked back within three days. @throws AppError port_out.not_disputable */
export const demandDisputable = ({ state, completedAt }: PortOutStanding, now: Date): void => {
  if (state === 'completed' && completedAt !== null && now.getTime() <= completedAt.getTime() + DISPUTE_MS) return;
  throw new AppError(portOutErrors.notDisputable);
};
