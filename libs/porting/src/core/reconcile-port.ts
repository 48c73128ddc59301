import type { CarrierPortSnapshot } from '@trunkline/carriers';
import type { CarrierFact } from './port-in-machine.ts';
import type { EntryData, PortStanding } from './port-history.ts';
import { afterEntry } from './port-history.ts';
import { isTerminal, step } from './step-port-in.ts';

export type CarrierNews = { readonly event: CarrierFact; readonly numbers: readonly string[]; readonly data: EntryData };

/** Codes that say: the rest was right, the date was not. */
const ABOUT_THE_DATE = new Set(['DUE_DATE_INVALID', 'FOC_EXPIRED']);

const ENDED: ReadonlySet<string> = new Set(['cancelled', 'closed']);
const AS_ITS_NUMBERS: ReadonlySet<string> = new Set(['partially_activated', 'completed', 'reversing', 'reversed']);

/**
 * The facts that a carrier's own view of an order adds to ours, whatever woke us: an event that came once, twice, late or never. A view older than
 * one that was looked at adds nothing. A fact that the order's state does not list is told once, with the first look at its view.
 */
export const reconcile = (order: PortStanding, snapshot: CarrierPortSnapshot): readonly CarrierNews[] => {
  if (snapshot.version < order.carrierVersion) return [];
  const fresh = snapshot.version > order.carrierVersion;
  const news: CarrierNews[] = [];
  let standing = order;
  const tell = (event: CarrierFact | undefined, numbers: readonly string[] = [], data: EntryData = {}): void => {
    if (event === undefined || (!fresh && step(standing.state, event, standing.beforeCancel).kind !== 'moved')) return;
    const told = { event, numbers, data: { ...data, carrierVersion: snapshot.version } };
    news.push(told);
    standing = afterEntry(standing, { ...told, at: standing.stateSince });
  };
  const newly = numbersOf(snapshot, 'active').filter((n) => !['active', 'reversed', undefined].includes(standing.numbers.get(n)));
  if (newly.length > 0) tell(isWhole(standing, newly) ? 'all_active' : 'number_active', newly);
  // said before their time came, it is said again then: only an order whose numbers move can fail at it
  const told: readonly unknown[] = standing.state === 'activating' ? ['active'] : ['active', 'failed'];
  const failed = numbersOf(snapshot, 'failed').filter((n) => !told.includes(standing.numbers.get(n)));
  if (failed.length > 0 && !isTerminal(standing.state)) tell('number_failed', failed);
  // it was given up or asked anew meanwhile, but some of its numbers are here and the rest is decided: it ends as what it is
  const here = activeOf(standing);
  if (here.length > 0 && ENDED.has(snapshot.status) && !AS_ITS_NUMBERS.has(standing.state)) tell('number_active', here);
  tell(...statusNews(standing, snapshot));
  tell(...answerNews(standing, snapshot, fresh));
  return news;
};

/**
 * What is to be told of a status that is none of ours: it is kept as it came, and somebody is to look. A status moves nothing that is not understood;
 * the numbers are looked at all the same. Once for each change on the carrier's side.
 */
export const unknownStatus = (order: PortStanding, { status, carrierStatus = '', version }: CarrierPortSnapshot): EntryData | null =>
  status === 'unknown' && version > order.carrierVersion
    ? { carrierVersion: version, reason: `The carrier says ${carrierStatus}, which means nothing here` }
    : null;

/** Messages are ported apart from calls, and some carriers tell how far that is. It moves no order: calls are what it is about. */
export const messagingNews = (order: PortStanding, { messaging, version }: CarrierPortSnapshot): EntryData | null =>
  messaging && messaging !== order.messaging && version >= order.carrierVersion ? { messaging, reason: messaging } : null;

const numbersOf = ({ numbers }: CarrierPortSnapshot, status: string): readonly string[] =>
  numbers.filter((n) => n.status === status).map((n) => n.e164);

// those that were taken out or ended do not count
const isWhole = ({ numbers }: PortStanding, newly: readonly string[]): boolean =>
  [...numbers].every(([e164, state]) => newly.includes(e164) || ['active', 'cancelled', 'not_portable'].includes(state));

type News = readonly [event?: CarrierFact, numbers?: readonly string[], data?: EntryData];

const statusNews = (order: PortStanding, snapshot: CarrierPortSnapshot): News => {
  const { state } = order;
  const ours = snapshot.answers === order.version;
  switch (snapshot.status) {
    case 'received':
    case 'unknown':
      return [];
    case 'accepted':
      return ours && state === 'submitting' ? ['accepted'] : ours && state === 'supplementing' ? ['supplement_accepted'] : [];
    case 'rejected':
      return ours ? rejectedNews(order, snapshot) : [];
    case 'foc':
      return ours ? focNews(order, snapshot) : [];
    case 'cancelled':
      return [state === 'cancel_requested' ? 'cancel_accepted' : 'carrier_cancelled'];
    case 'closed':
      return state === 'partially_activated' ? ['remainder_cancelled'] : [];
  }
};

const activeOf = ({ numbers }: PortStanding): readonly string[] => [...numbers].filter(([, s]) => s === 'active').map(([e164]) => e164);

const rejectedNews = ({ state }: PortStanding, { rejections, version }: CarrierPortSnapshot): News => {
  if (!['submitting', 'submitted', 'supplementing', 'foc_confirmed'].includes(state)) return [];
  const onlyDate = state === 'foc_confirmed' && rejections.every((r) => ABOUT_THE_DATE.has(r.code));
  return [onlyDate ? 'foc_rejected' : 'rejected', rejections.flatMap((r) => r.numbers), { rejections, carrierVersion: version }];
};

const focNews = ({ state, foc }: PortStanding, { foc: firm }: CarrierPortSnapshot): News => {
  if (!firm) return [];
  const data = { foc: { at: firm.at.toISOString(), timeZone: firm.timeZone } };
  const same = foc?.at === data.foc.at && foc.timeZone === data.foc.timeZone;
  if (['submitting', 'submitted', 'supplementing'].includes(state)) return ['foc', [], data];
  if (same) return [];
  if (state === 'exception' || state === 'cancel_requested') return ['foc', [], data];
  return state === 'foc_confirmed' || state === 'activating' ? ['foc_changed', [], data] : [];
};

/** The carrier's answer to what was asked beside the request itself. It is an answer only when it is newer than the question. */
const answerNews = ({ state }: PortStanding, { cancel, reversal, numbers }: CarrierPortSnapshot, fresh: boolean): News => {
  if (!fresh) return [];
  if (state === 'cancel_requested' && cancel === 'too_late') return ['cancel_too_late'];
  if (state === 'reversing' && reversal === 'refused') return ['reversal_refused'];
  return state === 'reversing' && numbers.every((n) => n.status !== 'active') ? ['reversed'] : [];
};
