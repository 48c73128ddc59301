import { AppError } from '@trunkline/kernel';
import { portingErrors } from './errors.ts';
import type { PortStanding } from './port-history.ts';
import type { PortInCommand, PortInState } from './port-in-machine.ts';
import { namedFields, needsNewOrder } from './reject-reasons.ts';
import { allowedCommands, step } from './step-port-in.ts';

const HOUR = 3_600_000;
const REVERSAL_MS = 72 * HOUR;
/** The operator's: it is told all that an order takes, a tenant only what it can ask. */
const REVIEW: ReadonlySet<PortInCommand> = new Set(['approve', 'return_for_changes']);

/** Where a tenant may still correct an order, and add to it. */
const EDITABLE: ReadonlySet<PortInState> = new Set(['draft', 'incomplete', 'ready', 'exception'] as const);
export const isEditable = (state: PortInState): boolean => EDITABLE.has(state);

/** @throws AppError port_order.command_refused, with what is allowed instead */
export const demandEditable = ({ state }: Pick<PortStanding, 'state'>): void => {
  if (isEditable(state)) return;
  throw new AppError(portingErrors.commandRefused, `The order is ${state}`, { members: { state, allowed: allowedCommands(state) } });
};

/** @throws AppError port_order.command_refused, with what is allowed instead */
export const demandCommand = ({ state, beforeCancel }: PortStanding, command: PortInCommand): void => {
  const result = step(state, command, beforeCancel);
  if (result.kind !== 'refused') return;
  const allowed = REVIEW.has(command) ? result.allowed : allowedCommands(state);
  throw new AppError(portingErrors.commandRefused, `The order is ${state}; it takes ${allowed.join(', ') || 'nothing'}`, {
    members: { state, allowed },
  });
};

/** Once the date is firm and near, the carrier moves and cancels nothing any more. @throws AppError port_order.too_late */
export const demandBeforeCutoff = ({ state, foc }: PortStanding, cutoffHours: number, now: Date): void => {
  if (state !== 'foc_confirmed' || !foc || now.getTime() < Date.parse(foc.at) - cutoffHours * HOUR) return;
  throw new AppError(portingErrors.tooLate, `The carrier changes nothing later than ${cutoffHours} hours before ${foc.at}`);
};

/** @throws AppError port_order.needs_new_order, port_order.nothing_fixed */
export const demandFixed = ({ rejections }: PortStanding, changed: ReadonlySet<string>): void => {
  if (needsNewOrder(rejections)) throw new AppError(portingErrors.needsNewOrder);
  const named = namedFields(rejections);
  if (named.length === 0 || named.some((field) => changed.has(field))) return;
  throw new AppError(portingErrors.nothingFixed, undefined, {
    errors: named.map((field) => ({ pointer: `/fields/${field}`, code: 'unchanged', detail: 'The carrier refused it as it is' })),
  });
};

/** A port is taken back by whoever asks soon; later it is the operator's to decide. @throws AppError port_order.too_late */
export const demandReversible = ({ stateSince }: PortStanding, byOperator: boolean, now: Date): void => {
  if (byOperator || now.getTime() <= stateSince.getTime() + REVERSAL_MS) return;
  throw new AppError(portingErrors.tooLate, 'More than 72 hours went by; ask the operator');
};
