import type { PortRejection } from '@trunkline/carriers';
import type { PortInEvent, PortInState } from './port-in-machine.ts';
import { step } from './step-port-in.ts';

export const PORT_NUMBER_STATES = [
  'unchecked',
  'portable',
  'not_portable',
  'pending',
  'rejected',
  'foc_confirmed',
  'activating',
  'active',
  'failed',
  'cancelled',
  'reversed',
] as const;
export type PortNumberState = (typeof PORT_NUMBER_STATES)[number];

export type Foc = { readonly at: string; readonly timeZone: string }; // an RFC 3339 instant, and the zone of the number

/** What an entry knows beyond its event: what the carrier said, or what was asked of it. */
export type EntryData = {
  readonly reason?: string;
  readonly foc?: Foc;
  readonly rejections?: readonly PortRejection[];
  readonly reasons?: Readonly<Record<string, string>>; // of numbers that cannot be ported
  readonly carrierRef?: string;
  readonly carrierVersion?: number;
  readonly requestedFocAt?: string | null;
  readonly messaging?: string; // the carrier's own word for how far messages follow the calls
  readonly sent?: string; // the key of a command that the carrier acknowledged
};

/**
 * One line of an order's history, which is only ever added to. Beside the machine's events there are notes, which move nothing: `opened` with its
 * numbers, `numbers_changed` to another list, `edited`, `sent` when the carrier acknowledged a command, `route_opened` when calls are taken,
 * `called` when a call to a number came that was not here yet, `seen` when the carrier's view is another and says nothing new, `left_undone` when
 * something that was to follow did not, with the reason, `reminded` and `escalated`, `messaging_changed` when messages follow the calls, or do not.
 */
export type PortEntry = {
  readonly event: PortInEvent | PortNote;
  readonly numbers: readonly string[]; // it is about these; none: about all
  readonly data: EntryData;
  readonly at: Date;
};
export const PORT_NOTES = [
  'opened',
  'numbers_changed',
  'edited',
  'sent',
  'route_opened',
  'called',
  'seen',
  'left_undone',
  'reminded',
  'escalated',
  'messaging_changed',
] as const;
export type PortNote = (typeof PORT_NOTES)[number];

/** What a history comes to. */
export type PortStanding = {
  readonly state: PortInState;
  readonly stateSince: Date;
  readonly beforeCancel: PortInState | null;
  readonly numbers: ReadonlyMap<string, PortNumberState>;
  readonly version: number; // of what we ask of the carrier: grows with each submission
  readonly sent: string | null; // the last command that the carrier acknowledged
  readonly carrierRef: string | null;
  readonly carrierVersion: number; // of its snapshot that was last looked at
  readonly foc: Foc | null;
  readonly requestedFocAt: string | null;
  readonly rejections: readonly PortRejection[];
  readonly routed: boolean; // calls to its numbers are taken
  readonly onDemand: boolean; // activated at our word, not at the firm date
  readonly messaging: string | null; // how far messages follow the calls, in the carrier's own word
  readonly touchedAt: Date; // when somebody last did something about it
  readonly attempts: number; // to hand it to the carrier
  readonly reminders: number; // and in this state so far
  readonly escalated: boolean;
};

/** Before the first entry, which begins the draft. */
const NEVER = new Date(0);
const START: PortStanding = {
  state: 'draft',
  stateSince: NEVER,
  beforeCancel: null,
  numbers: new Map(),
  version: 0,
  sent: null,
  carrierRef: null,
  carrierVersion: 0,
  foc: null,
  requestedFocAt: null,
  rejections: [],
  routed: false,
  onDemand: false,
  messaging: null,
  touchedAt: new Date(0),
  attempts: 0,
  reminders: 0,
  escalated: false,
};

/** The standing after one more entry. A command that the state does not list changes nothing: whoever writes entries asks `step` first. */
export const afterEntry = (standing: PortStanding, entry: PortEntry): PortStanding => {
  const stateSince = standing.stateSince === NEVER ? entry.at : standing.stateSince;
  const known = { ...standing, stateSince, ...knowledge(standing, entry) };
  const numbers = numbersAfter(standing, entry);
  if (isNote(entry.event)) return { ...known, numbers };
  const moved = step(standing.state, entry.event, standing.beforeCancel);
  if (moved.kind !== 'moved') return { ...known, numbers };
  const asksCancel = moved.to === 'cancel_requested' && standing.state !== 'cancel_requested';
  return {
    ...known,
    numbers,
    state: moved.to,
    stateSince: moved.to === standing.state ? stateSince : entry.at,
    beforeCancel: asksCancel ? standing.state : standing.beforeCancel,
    version: ASKS_ANEW.has(entry.event) ? standing.version + 1 : standing.version,
    routed: known.routed && !(moved.to === 'exception' ? BEFORE_CUT_OVER.has(standing.state) : UNROUTED.has(moved.to)),
    ...(moved.to !== standing.state && { reminders: 0, escalated: false, attempts: 0 }),
  };
};

/** An order is what its history says. */
export const fold = (history: readonly PortEntry[]): PortStanding => history.reduce(afterEntry, START);

export const isNote = (event: PortEntry['event']): event is PortNote => (PORT_NOTES as readonly string[]).includes(event);

/** Each of these is another request to the carrier, or the first. */
const ASKS_ANEW: ReadonlySet<string> = new Set(['confirm', 'approve', 'resubmit', 'reschedule']);
/** Where no call to a number that is not active is taken any more. */
const UNROUTED: ReadonlySet<string> = new Set(['cancelled', 'expired', 'completed', 'reversed']);
/** Refused from here, a port is off. Refused while its numbers move, they may come any minute all the same: their calls are taken on. */
const BEFORE_CUT_OVER: ReadonlySet<string> = new Set(['submitting', 'submitted', 'supplementing', 'foc_confirmed']);

/** What nobody did: it does not keep an order from being idle. */
const BY_ITSELF: ReadonlySet<string> = new Set([
  'sent',
  'called',
  'seen',
  'left_undone',
  'reminded',
  'escalated',
  'submit_retry',
  'messaging_changed',
]);

const knowledge = (standing: PortStanding, { event, data, at }: PortEntry): Partial<PortStanding> => ({
  ...(!BY_ITSELF.has(event) && { touchedAt: at }),
  ...(event === 'submit_retry' && { attempts: standing.attempts + 1 }),
  ...(event === 'reminded' && { reminders: standing.reminders + 1 }),
  ...(event === 'escalated' && { escalated: true }),
  ...(event === 'activate_now' && { onDemand: true, routed: true }),
  ...(event === 'foc_time' && { onDemand: false }),
  ...(event === 'route_opened' && { routed: true }),
  ...(data.carrierRef !== undefined && { carrierRef: data.carrierRef }),
  ...(data.carrierVersion !== undefined && { carrierVersion: data.carrierVersion }),
  ...(data.requestedFocAt !== undefined && { requestedFocAt: data.requestedFocAt }),
  ...(data.messaging !== undefined && { messaging: data.messaging }),
  ...(data.sent !== undefined && { sent: data.sent }),
  ...(data.foc !== undefined && { foc: data.foc }),
  ...(data.foc !== undefined && event === 'foc_changed' && { routed: false }), // the calls come another day
  ...(data.rejections !== undefined && { rejections: data.rejections, foc: null }),
  ...(event === 'resubmit' && { rejections: [] }),
});

/** What becomes of the numbers that an event is about. `from`: only of those that are in one of these states. */
type Become = { readonly to: PortNumberState; readonly from?: readonly PortNumberState[] };
const BECOME: { readonly [E in PortInEvent]?: Become } = {
  accepted: { to: 'pending', from: ['portable', 'rejected'] },
  supplement_accepted: { to: 'pending', from: ['portable', 'rejected', 'foc_confirmed'] },
  rejected: { to: 'rejected', from: ['portable', 'pending', 'foc_confirmed'] },
  refused_for_good: { to: 'rejected', from: ['portable', 'pending', 'foc_confirmed'] },
  foc_rejected: { to: 'rejected', from: ['portable', 'pending', 'foc_confirmed'] },
  foc: { to: 'foc_confirmed', from: ['portable', 'pending', 'rejected', 'foc_confirmed', 'failed', 'activating'] },
  foc_changed: { to: 'foc_confirmed', from: ['portable', 'pending', 'foc_confirmed', 'activating'] },
  foc_time: { to: 'activating', from: ['portable', 'pending', 'foc_confirmed'] },
  activate_now: { to: 'activating', from: ['portable', 'pending', 'foc_confirmed'] },
  number_active: { to: 'active' },
  all_active: { to: 'active' },
  number_failed: { to: 'failed' },
  reversed: { to: 'reversed', from: ['active'] },
};
const UNDECIDED = PORT_NUMBER_STATES.filter((s) => s !== 'active' && s !== 'reversed' && s !== 'not_portable');
/** Where an order ends for the numbers that did not come. */
const ENDS: ReadonlySet<string> = new Set(['cancelled', 'expired', 'completed'] satisfies PortInState[]);

const numbersAfter = (standing: PortStanding, entry: PortEntry): ReadonlyMap<string, PortNumberState> => {
  const { event, numbers, data } = entry;
  const before = standing.numbers;
  if (event === 'opened' || event === 'numbers_changed') return new Map(numbers.map((e164) => [e164, before.get(e164) ?? 'unchecked']));
  if (event.startsWith('checked_'))
    return new Map([...before.keys()].map((e164) => [e164, data.reasons?.[e164] === undefined ? 'portable' : 'not_portable']));
  const become = isNote(event) ? undefined : (BECOME[event] ?? endOfRest(standing, event));
  return become ? changedNumbers(before, numbers, become) : before;
};

const endOfRest = ({ state, beforeCancel }: PortStanding, event: PortInEvent): Become | undefined => {
  const moved = step(state, event, beforeCancel);
  return moved.kind === 'moved' && ENDS.has(moved.to) ? { to: 'cancelled', from: UNDECIDED } : undefined;
};

const changedNumbers = (
  before: ReadonlyMap<string, PortNumberState>,
  about: readonly string[],
  { to, from }: Become,
): ReadonlyMap<string, PortNumberState> => {
  const next = new Map(before);
  for (const e164 of about.length > 0 ? about : before.keys()) {
    const was = before.get(e164);
    if (was !== undefined && (from?.includes(was) ?? true)) next.set(e164, to);
  }
  return next;
};
