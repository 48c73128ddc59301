import type { PortOutState } from './port-out-machine.ts';

/** A request as its events tell it. */
export type ToldPortOut = {
  readonly state: PortOutState;
  readonly numbers: readonly string[];
  readonly winningCarrier: string;
  readonly decidedBy: string | null;
  readonly reason: string | null;
  readonly answerBy: string | null;
  readonly refusedByCarrier?: string; // what it said to what it was told
};

const NUMBERS_NAMED = 20;
const named = (numbers: readonly string[]): string => {
  const more = numbers.length - NUMBERS_NAMED;
  return [...numbers.slice(0, NUMBERS_NAMED), ...(more > 0 ? [`and ${more} more`] : [])].join('\n');
};

const SAID: { readonly [S in PortOutState]?: (told: ToldPortOut) => { readonly subject: string; readonly says: string } } = {
  pending_tenant: ({ winningCarrier, answerBy }) => ({
    subject: 'Another carrier asks for numbers of yours',
    says: `${winningCarrier} asks to take these numbers over. Without an answer by ${answerBy} they may leave: silence is a yes. Reject it by then if you know nothing of it.`,
  }),
  rejected: ({ winningCarrier, reason }) => ({
    subject: 'A request for numbers of yours was refused',
    says: `${winningCarrier} asked to take these numbers over, and was refused: ${reason}. If you did not start this, somebody may be trying to take them.`,
  }),
  authorized: ({ winningCarrier, decidedBy }) => ({
    subject: 'Numbers of yours may leave',
    says: `${winningCarrier} may take these numbers over (decided by ${decidedBy}). When they go, their calls, emergency addresses and caller names end here.`,
  }),
  completed: ({ winningCarrier }) => ({
    subject: 'Numbers of yours have left',
    says: `These numbers are with ${winningCarrier} now. If that should not have happened, dispute it within 72 hours.`,
  }),
};

const NOT_TAKEN = ({ winningCarrier, refusedByCarrier }: ToldPortOut) => ({
  subject: 'Your carrier did not take your answer',
  says: `${refusedByCarrier}. These numbers, which ${winningCarrier} asks for, may go another way than you said. Ask your carrier's people at once if that should not be.`,
});

/** What people are mailed of a request; undefined where there is nothing for them to do or fear. */
export const portOutMail = (told: ToldPortOut): { kind: string; subject: string; body: string } | undefined => {
  const said = told.refusedByCarrier === undefined ? SAID[told.state]?.(told) : NOT_TAKEN(told);
  return said && { kind: 'port_out', subject: said.subject, body: `${said.says}\n\n${named(told.numbers)}\n` };
};
