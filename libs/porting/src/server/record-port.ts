import type { E164, TenantContext } from '@trunkline/kernel';
import { bringNumbers, expectNumbers, forgetNumbers, takeNumberAway } from '@trunkline/numbers/server';
import { audit, publish } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { claimAllotment } from '@trunkline/tenancy/server';
import { commandOf } from '../core/carrier-command.ts';
import { afterEntry, isNote } from '../core/port-history.ts';
import type { EntryData, PortEntry, PortStanding } from '../core/port-history.ts';
import type { PortInState } from '../core/port-in-machine.ts';
import { timersOf } from '../core/port-timers.ts';
import { isTerminal, kindOf } from '../core/step-port-in.ts';
import { appendEvent, savePortNumbers, saveStanding, writeTimers } from './ports.sql.ts';
import type { Port, PortNumberRow } from './ports.sql.ts';

export type NewEntry = { readonly event: PortEntry['event']; readonly numbers?: readonly string[]; readonly data?: EntryData };

/**
 * Adds to an order's history and does what follows from it, all in the transaction that has the order locked: the numbers that came are the
 * tenant's and paid for, those that go are not, the edges take the calls of those on their way, the timers are set, whoever listens is told.
 */
export const recordPort = async (tx: Tx, ctx: TenantContext, port: Port, entries: readonly NewEntry[], now: Date): Promise<Port> => {
  const { row } = port;
  if (entries.length === 0) {
    await writeTimers(tx, ctx.tenantId, row.id, timersOf(port.standing, row.polledAt)); // it may just have been polled
    return port;
  }
  let [standing, sequence] = [port.standing, port.length];
  for (const { event, numbers = [], data = {} } of entries) {
    const before = standing;
    standing = afterEntry(before, { event, numbers, data, at: now });
    await appendEvent(tx, ctx.tenantId, row.id, ++sequence, { event, numbers, data, at: now }, standing.state, ctx.actor);
    announce(tx, ctx, port, event, before, standing);
  }
  const numbers = await moveNumbers(tx, ctx, port, standing, entries, now);
  await saveStanding(tx, ctx.tenantId, row.id, standing, now);
  const timers = timersOf(standing, row.polledAt);
  await writeTimers(tx, ctx.tenantId, row.id, timers);
  if (commandOf(standing) && commandOf(port.standing)?.key !== commandOf(standing)?.key)
    publish(tx, { type: 'port_order.carrier_due', tenantId: ctx.tenantId, data: { portOrderId: row.id } });
  const saved = {
    state: standing.state,
    stateSince: standing.stateSince,
    carrierRef: standing.carrierRef,
    rejections: standing.rejections,
  };
  return { row: { ...row, ...saved, revision: row.revision + 1, updatedAt: now }, numbers, standing, length: sequence };
};

const TOLD_NOTES: ReadonlySet<string> = new Set(['reminded', 'escalated', 'left_undone', 'messaging_changed']);

const announce = (
  tx: Tx,
  ctx: TenantContext,
  { row }: Port,
  event: PortEntry['event'],
  before: PortStanding,
  after: PortStanding,
): void => {
  const data = { portOrderId: row.id, portProjectId: row.projectId, state: after.state, focAt: after.foc?.at ?? null };
  const moved = before.state !== after.state || (after.foc !== null && before.foc?.at !== after.foc.at);
  if (moved) publish(tx, { type: `port_order.${after.state}`, tenantId: ctx.tenantId, data });
  if (TOLD_NOTES.has(event)) publish(tx, { type: `port_order.${event}`, tenantId: ctx.tenantId, data });
  if (!isNote(event)) audit(tx, ctx, `port_order.${event}`, row.id, { from: before.state, to: after.state });
};

/** From its submission on, an order's numbers count as the tenant's, until they are known not to come. */
const COUNTED: ReadonlySet<PortInState> = new Set([
  ...(['in_review', 'submitting', 'submitted', 'supplementing', 'exception', 'foc_confirmed', 'activating'] as const),
  ...(['partially_activated', 'cancel_requested', 'reversing'] as const),
]);

const moveNumbers = async (
  tx: Tx,
  ctx: TenantContext,
  port: Port,
  standing: PortStanding,
  entries: readonly NewEntry[],
  now: Date,
): Promise<readonly PortNumberRow[]> => {
  const { row } = port;
  const reasons = entries.reduce<EntryData['reasons']>((last, { data }) => data?.reasons ?? last, undefined);
  const open = !isTerminal(standing.state);
  const commanded = entries.some(({ event }) => !isNote(event) && kindOf(event) === 'command');
  const after = port.numbers.map((n) => {
    const state = standing.numbers.get(n.e164) ?? n.state;
    const counts = state === 'active' || (state !== 'reversed' && COUNTED.has(standing.state));
    // what a carrier did late does not ask for room any more
    return { ...n, state, open, claimed: n.claimed ? counts : counts && commanded, reason: reasons ? (reasons[n.e164] ?? null) : n.reason };
  });
  const changed = after.filter((n, i) => n.state !== port.numbers[i]?.state);
  const came = changed.filter((n) => n.state === 'active');
  if (came.length > 0)
    await bringNumbers(
      tx,
      ctx,
      came.map((n) => brought(n, port)),
      row.trunkId,
      now,
    );
  for (const n of changed.filter((n) => n.state === 'reversed')) await takeNumberAway(tx, ctx, n.e164, now);
  const waiting = after.filter((n) => n.state !== 'active' && n.state !== 'reversed');
  if (standing.routed && !port.standing.routed) await expectNumbers(tx, ctx.tenantId, waiting, row.trunkId, now);
  if (!standing.routed && port.standing.routed) await forgetNumbers(tx, ctx.tenantId, waiting);
  const count = (numbers: readonly PortNumberRow[]) => numbers.filter((n) => n.claimed).length;
  await claimAllotment(tx, ctx, { numbers: count(after) - count(port.numbers) }, now);
  const differs = (n: PortNumberRow, i: number) => JSON.stringify(n) !== JSON.stringify(port.numbers[i]);
  if (after.some(differs)) await savePortNumbers(tx, ctx.tenantId, after.filter(differs));
  return after;
};

const brought = ({ id, e164 }: { id: string; e164: E164 }, { row }: Port) => ({
  id,
  e164,
  country: row.country ?? 'US',
  type: row.numberType ?? 'local',
});
