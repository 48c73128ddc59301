import { commandOf } from './carrier-command.ts';
import type { PortInState } from './port-in-machine.ts';
import type { PortStanding } from './port-history.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const PORT_TIMERS = ['send', 'poll', 'route', 'foc_time', 'window_timeout', 'stuck', 'idle', 'remind', 'overdue'] as const;
export type PortTimer = (typeof PORT_TIMERS)[number];

/** Calls to its numbers are taken from so long before the firm date on. */
export const ROUTE_LEAD_MS = 15 * MINUTE;
/** A carrier has its window, and two hours more: then somebody looks. */
const ACTIVATION_MS = 8 * HOUR;
const STUCK_MS = 2 * DAY;
const IDLE_MS = 30 * DAY;
const REMIND_MS = [3 * DAY, 7 * DAY, 14 * DAY];
const OLD_MS = 7 * DAY;
const FORGET_MS = 14 * DAY;
const RETRY_MAX_MS = HOUR;

/** How long the other side may take in a state before it is somebody's business. */
const PATIENCE: { readonly [S in PortInState]?: number } = {
  validating: 15 * MINUTE,
  in_review: DAY,
  submitting: 4 * HOUR,
  submitted: 2 * DAY,
  supplementing: 2 * DAY,
  cancel_requested: DAY,
  reversing: 3 * DAY,
};
const WAITS_FOR_TENANT: ReadonlySet<PortInState> = new Set(['draft', 'incomplete', 'ready', 'exception']);
const REMINDED: ReadonlySet<PortInState> = new Set(['incomplete', 'exception']);
const ROUTED: ReadonlySet<PortInState> = new Set(['foc_confirmed', 'activating']);
const CLOSE_WATCH: ReadonlySet<PortInState> = new Set(['activating', 'partially_activated']);
const WATCHED: ReadonlySet<PortInState> = new Set([
  ...['submitting', 'submitted', 'supplementing', 'foc_confirmed', 'exception', 'cancel_requested', 'reversing'],
  ...['cancelled', 'expired'], // carriers do finish what was given up
] as const);

/** What the clock has to do with an order as it stands, and when. @param polledAt when the carrier was last asked; null: never */
export const timersOf = (order: PortStanding, polledAt: Date | null): ReadonlyMap<PortTimer, Date> => {
  const { state, foc, escalated } = order;
  const since = order.stateSince.getTime();
  const timers = new Map<PortTimer, Date>();
  const set = (timer: PortTimer, atMs: number | undefined) => atMs !== undefined && timers.set(timer, new Date(atMs));
  if (commandOf(order) !== null) set('send', sendAt(order));
  set('poll', pollAt(order, polledAt));
  if (ROUTED.has(state) && foc && !order.routed) set('route', Date.parse(foc.at) - ROUTE_LEAD_MS);
  if (state === 'foc_confirmed' && foc) set('foc_time', Date.parse(foc.at));
  if (state === 'activating') set('window_timeout', since + ACTIVATION_MS);
  if (state === 'partially_activated') set('stuck', since + STUCK_MS);
  if (WAITS_FOR_TENANT.has(state)) set('idle', order.touchedAt.getTime() + IDLE_MS);
  const mark = REMIND_MS[order.reminders];
  if (REMINDED.has(state) && mark !== undefined) set('remind', since + mark);
  const patience = PATIENCE[state];
  if (patience !== undefined && !escalated) set('overdue', since + patience);
  return timers;
};

const sendAt = ({ stateSince, attempts }: PortStanding): number =>
  stateSince.getTime() + Array.from({ length: attempts + 1 }, (_, i) => Math.min(MINUTE * 2 ** i, RETRY_MAX_MS)).reduce((a, b) => a + b);

/** Every 15 minutes while numbers move, every hour otherwise, once a day after a week. */
export const pollAt = (
  { state, stateSince, carrierRef }: Pick<PortStanding, 'state' | 'stateSince' | 'carrierRef'>,
  polledAt: Date | null,
): number | undefined => {
  if (carrierRef === null) return undefined;
  const last = Math.max(stateSince.getTime(), polledAt?.getTime() ?? 0);
  const age = last - stateSince.getTime();
  if (CLOSE_WATCH.has(state)) return last + 15 * MINUTE;
  if (!WATCHED.has(state)) return undefined;
  if ((state === 'cancelled' || state === 'expired') && age >= FORGET_MS) return undefined;
  return last + (age >= OLD_MS || state === 'cancelled' || state === 'expired' ? DAY : HOUR);
};
