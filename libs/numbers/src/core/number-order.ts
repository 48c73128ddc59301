import type { E164, Transitions } from '@trunkline/kernel';
import { canTransition } from '@trunkline/kernel';

/**
 * One number of an order. `pending`: not asked for yet; `waiting`: papers are missing; `ordering`: a carrier was asked, and what it did with that
 * may be unknown; the others are ends.
 */
export const ITEM_STATES = ['pending', 'waiting', 'ordering', 'succeeded', 'failed'] as const;
export type ItemState = (typeof ITEM_STATES)[number];
export const ITEM_TRANSITIONS: Transitions<ItemState> = {
  pending: ['waiting', 'ordering', 'succeeded', 'failed'],
  waiting: ['pending', 'failed'],
  ordering: ['pending', 'succeeded', 'failed'], // pending again: one that was searched for is gone, another will do
  succeeded: [],
  failed: [],
};

export const ORDER_STATES = ['pending', 'waiting', 'succeeded', 'partially_succeeded', 'failed'] as const;
export type OrderState = (typeof ORDER_STATES)[number];

/** Why an item failed or waits: a code of the API's, and words for people. */
export type ItemReason = { readonly code: string; readonly detail: string };

/** Whom a carrier's number was found at, and what it says of it. */
export type FoundNumber = {
  readonly e164: E164;
  readonly supplier: string;
  readonly country: string;
  readonly areaCode: string;
  readonly locality: string | null;
  readonly rateCenter: string | null;
  readonly lata: string | null;
  readonly type: string;
};

export type OrderItem = {
  readonly id: string; // uuid
  readonly orderId: string;
  readonly position: number;
  readonly e164: E164 | null; // null: searched for, and not found yet
  readonly state: ItemState;
  readonly reason: ItemReason | null;
  readonly numberId: string | null; // uuid of the number in the tenant's hands
  readonly found: FoundNumber | null;
  readonly supplierReference: string | null; // uuid by which the supplier finds what it was asked
  readonly supplierOrderId: string | null;
  readonly sentAt: Date | null;
  readonly attempts: number; // looks since the state was entered
  readonly refused: readonly E164[]; // numbers that were searched for, found, and then not to be had
  readonly nextAt: Date | null; // when to look again
};

const FIRST_LOOK_MS = 2_000;
const LOOK_MAX_MS = 10 * 60_000;
/** So many numbers are tried for one that was searched for. */
export const TRIES_MAX = 5;
/** An order that its supplier does not know of is sent again after this: by then it has arrived, or never will. */
export const UNKNOWN_FOR_MS = 120_000;

export const isOpen = ({ state }: Pick<OrderItem, 'state'>): boolean => state !== 'succeeded' && state !== 'failed';

/** Whether an item still is what somebody decided upon: meanwhile another process may have taken it further. */
export const isAsSeen = (item: OrderItem, seen: OrderItem): boolean =>
  item.state === seen.state && item.supplierReference === seen.supplierReference && item.sentAt?.getTime() === seen.sentAt?.getTime();

/** What its items make of an order. */
export const orderStateOf = (states: readonly ItemState[]): OrderState => {
  if (states.some((s) => s === 'pending' || s === 'ordering')) return 'pending';
  if (states.includes('waiting')) return 'waiting';
  const succeeded = states.filter((s) => s === 'succeeded').length;
  if (succeeded === 0) return 'failed';
  return succeeded === states.length ? 'succeeded' : 'partially_succeeded';
};

/** When to look the next time: sooner at first, every ten minutes in the end. */
export const nextLook = (attempts: number, now: Date): Date =>
  new Date(now.getTime() + Math.min(FIRST_LOOK_MS * 2 ** Math.min(attempts, 20), LOOK_MAX_MS));

export const newItem = (id: string, orderId: string, position: number, e164: E164 | null, now: Date): OrderItem => ({
  id,
  orderId,
  position,
  e164,
  state: 'pending',
  reason: null,
  numberId: null,
  found: null,
  supplierReference: null,
  supplierOrderId: null,
  sentAt: null,
  attempts: 0,
  refused: [],
  nextAt: now,
});

export const succeeded = (item: OrderItem, numberId: string, e164: E164): OrderItem => ({
  ...moved(item, 'succeeded'),
  e164,
  numberId,
  nextAt: null,
});

export const failed = (item: OrderItem, reason: ItemReason): OrderItem => ({ ...moved(item, 'failed'), reason, nextAt: null });

/** Papers are missing: looked at again when they come, or every ten minutes. The number stays the one that was found. */
export const waiting = (item: OrderItem, reason: ItemReason, now: Date): OrderItem =>
  item.state === 'waiting'
    ? { ...item, reason, nextAt: new Date(now.getTime() + LOOK_MAX_MS) }
    : { ...moved(item, 'waiting'), reason, nextAt: new Date(now.getTime() + LOOK_MAX_MS) };

export const resumed = (item: OrderItem): OrderItem => ({ ...moved(item, 'pending'), reason: null });

/** Written before the supplier is asked: whoever finds it so knows that it may have been. */
export const sent = (item: OrderItem, found: FoundNumber, reference: string, now: Date): OrderItem => ({
  ...moved(item, 'ordering'),
  e164: found.e164,
  found,
  supplierReference: reference,
  supplierOrderId: null,
  sentAt: now,
  nextAt: nextLook(0, now),
});

/** Written before it is sent a second time, under the reference of the first. */
export const sentAgain = (item: OrderItem, now: Date): OrderItem => ({ ...item, sentAt: now, attempts: 0, nextAt: nextLook(0, now) });

/** Looked, and nothing is decided. */
export const lookedAt = (item: OrderItem, now: Date, supplierOrderId = item.supplierOrderId): OrderItem => ({
  ...item,
  supplierOrderId,
  attempts: item.attempts + 1,
  nextAt: nextLook(item.attempts + 1, now),
});

/** The number cannot be had: of one that was searched for another is tried, one that was named fails. */
export const gone = (item: OrderItem, wasSearched: boolean, reason: ItemReason, now: Date): OrderItem => {
  const refused = item.e164 === null ? item.refused : [...item.refused, item.e164];
  if (!wasSearched || refused.length >= TRIES_MAX) return { ...failed(item, reason), refused };
  return {
    ...moved(item, 'pending'),
    e164: null,
    found: null,
    supplierReference: null,
    supplierOrderId: null,
    sentAt: null,
    refused,
    nextAt: now,
  };
};

const moved = (item: OrderItem, state: ItemState): OrderItem => {
  if (!canTransition(ITEM_TRANSITIONS, item.state, state)) throw new Error(`an item that is ${item.state} cannot become ${state}`);
  return { ...item, state, attempts: 0 };
};
