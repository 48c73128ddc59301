import type { TenantContext } from '@trunkline/kernel';
import type { CarrierRefusal } from '@trunkline/carriers/server';
import { keepNumbers, letNumbersLeave, takeNumberAway, winNumberBack } from '@trunkline/numbers/server';
import type { LeavingNumber } from '@trunkline/numbers/server';
import { audit, publish } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { claimAllotment } from '@trunkline/tenancy/server';
import type { PortOutMove } from '../core/port-out-facts.ts';
import { PORT_OUT_TRANSITIONS } from '../core/port-out-machine.ts';
import type { PortOutState } from '../core/port-out-machine.ts';
import { appendPortOutEvent, closePortOutNumbers, notHeldElsewhere, savePortOut } from './port-outs.sql.ts';
import type { PortOut, PortOutRow } from './port-outs.sql.ts';

export const PORT_OUT_TELL = 'port_out.carrier_due';

/**
 * Moves a request on and does what follows from it, all in the transaction that has it locked: its numbers may leave, leave, stay or come back, the
 * carrier is told, whoever listens is told.
 * @param version of the carrier's view that the moves come from
 */
export const recordPortOut = async (
  tx: Tx,
  ctx: TenantContext,
  portOut: PortOut,
  moves: readonly PortOutMove[],
  now: Date,
  version = portOut.row.carrierVersion,
): Promise<PortOutRow> => {
  let row = portOut.row;
  let sequence = portOut.length;
  for (const move of moves) {
    if (move.state !== row.state && !PORT_OUT_TRANSITIONS[row.state].includes(move.state))
      throw new Error(`a port-out does not go from ${row.state} to ${move.state}`);
    await follow(tx, ctx, portOut, move.state, now);
    row = moved(row, move, now);
    await appendPortOutEvent(tx, row, ++sequence, move, row.stateSince);
    announce(tx, ctx, portOut, row, move);
  }
  if (row === portOut.row) return row;
  row = { ...row, carrierVersion: version, revision: row.revision + 1, updatedAt: now };
  await savePortOut(tx, row);
  if (row.tellDueAt) publish(tx, { type: PORT_OUT_TELL, tenantId: ctx.tenantId, data: { portOutId: row.id } });
  return row;
};

/**
 * The carrier did not take what it was told, and is not told again: the request stays what it is here until the carrier says what became of it. Its
 * tenant is told at once, for a number that it keeps may leave all the same.
 */
export const recordRefusal = async (
  tx: Tx,
  ctx: TenantContext,
  portOut: PortOut,
  { carrierCode, message }: Pick<CarrierRefusal, 'carrierCode' | 'message'>,
  now: Date,
): Promise<void> => {
  const row = { ...portOut.row, tellDueAt: null, revision: portOut.row.revision + 1, updatedAt: now };
  const said = `The carrier did not take it: ${message} (${carrierCode})`;
  await appendPortOutEvent(tx, row, portOut.length + 1, { state: row.state, by: 'carrier', text: said }, now);
  await savePortOut(tx, row);
  audit(tx, ctx, 'port_out.refused_by_carrier', row.id, { state: row.state, carrierCode, message });
  publish(tx, {
    type: 'port_out.refused_by_carrier',
    tenantId: ctx.tenantId,
    data: { ...toldOf(portOut, row, row.state), reason: said, refusedByCarrier: said },
  });
};

const isDecision = (state: PortOutState): boolean => state === 'authorized' || state === 'rejected';

const moved = (row: PortOutRow, { state, by, reason = null, text, focAt }: PortOutMove, now: Date): PortOutRow => ({
  ...row,
  state,
  stateSince: by === 'silence' ? (row.answerBy ?? now) : now, // it decided then, whenever somebody looked
  ...(isDecision(state) && { decidedBy: by, reason, evidence: text ?? null }),
  focAt: focAt ?? row.focAt,
  completedAt: state === 'completed' ? now : row.completedAt,
  tellDueAt: state === 'disputed' || (isDecision(state) && !row.synchronous && by !== 'carrier') ? now : null,
});

const leavingOf = (numbers: PortOut['numbers']): LeavingNumber[] => numbers.map((n) => ({ id: n.numberId, e164: n.e164 }));

const follow = async (tx: Tx, ctx: TenantContext, portOut: PortOut, state: PortOutState, now: Date): Promise<void> => {
  const { row, numbers } = portOut;
  switch (state) {
    case 'authorized':
      return letNumbersLeave(tx, leavingOf(numbers));
    case 'rejected':
    case 'cancelled':
      await closePortOutNumbers(tx, row);
      return keepNumbers(tx, ctx.tenantId, leavingOf(await notHeldElsewhere(tx, portOut)));
    case 'completed':
      await closePortOutNumbers(tx, row);
      return leave(tx, ctx, leavingOf(numbers), now);
    case 'restored':
      await claimAllotment(tx, ctx, { numbers: numbers.length }, now);
      for (const number of leavingOf(numbers)) await winNumberBack(tx, ctx, number, now);
      return;
    default:
      return;
  }
};

const leave = async (tx: Tx, ctx: TenantContext, numbers: readonly LeavingNumber[], now: Date): Promise<void> => {
  let left = 0;
  for (const { e164 } of numbers) if (await takeNumberAway(tx, ctx, e164, now, 'number.ported_out')) left++;
  await claimAllotment(tx, ctx, { numbers: -left }, now);
};

const toldOf = ({ numbers }: PortOut, row: PortOutRow, state: PortOutState) => ({
  portOutId: row.id,
  state,
  numbers: numbers.map((n) => n.e164),
  winningCarrier: row.winningCarrierName,
  decidedBy: row.decidedBy,
  reason: row.reason,
  answerBy: state === 'pending_tenant' ? (row.answerBy?.toISOString() ?? null) : null,
  focAt: row.focAt?.toISOString() ?? null,
});

const announce = (tx: Tx, ctx: TenantContext, portOut: PortOut, row: PortOutRow, { state, by }: PortOutMove): void => {
  const data = toldOf(portOut, row, state);
  audit(tx, ctx, `port_out.${state}`, row.id, { by, reason: row.reason, numbers: data.numbers });
  publish(tx, { type: `port_out.${state}`, tenantId: ctx.tenantId, data });
};
