import { AppError } from '@trunkline/kernel';
import type { E164 } from '@trunkline/kernel';
import { numberErrors } from './errors.ts';
import { step } from './lifecycle.ts';
import type { InventoryState, NumberEvent } from './lifecycle.ts';
import { quarantineEnd, restoreEnd } from './quarantine.ts';
import type { QuarantineRule } from './quarantine.ts';

/** What a tenant decides about a number. */
export type NumberSettings = {
  readonly trunkId: string | null; // uuid of the trunk that takes its calls; null: they are refused
  readonly externalReference: string | null;
  readonly tags: readonly string[]; // the tenant's own words, to find it by
  readonly deletionLock: boolean; // it cannot be released or moved away
};
/** What is decided when it is ordered. */
export type OrderSettings = Omit<NumberSettings, 'deletionLock'>;

/** A number in a tenant's hands: from its order until the quarantine after its release is over. */
export type TenantNumber = NumberSettings & {
  readonly id: string; // uuid
  readonly e164: E164;
  readonly country: string;
  readonly type: string;
  readonly state: InventoryState;
  readonly revision: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly suspendedAt: Date | null;
  readonly askedForAt: Date | null; // by another carrier
  readonly releasedAt: Date | null;
  readonly quarantinedUntil: Date | null;
};

export type ReleasedNumber = TenantNumber & { readonly releasedAt: Date; readonly quarantinedUntil: Date };

/** What the inventory tells of a number that is taken out of it. */
export type TakenNumber = { readonly e164: E164; readonly country: string; readonly type: string };

export const orderedNumber = (id: string, found: TakenNumber, settings: OrderSettings, now: Date): TenantNumber => ({
  ...settings,
  tags: normalised(settings.tags),
  deletionLock: false,
  id,
  e164: found.e164,
  country: found.country,
  type: found.type,
  state: 'assigned',
  revision: 1,
  createdAt: now,
  updatedAt: now,
  suspendedAt: null,
  askedForAt: null,
  releasedAt: null,
  quarantinedUntil: null,
});

/** The number after a change, or the very same object when nothing differs. @throws AppError number.released */
export const changeNumber = (number: TenantNumber, change: Partial<NumberSettings>, now: Date): TenantNumber => {
  refuseReleased(number);
  const next = { ...number, ...change, tags: normalised(change.tags ?? number.tags) };
  const same =
    next.trunkId === number.trunkId &&
    next.externalReference === number.externalReference &&
    next.deletionLock === number.deletionLock &&
    next.tags.join() === number.tags.join();
  return same ? number : { ...next, revision: number.revision + 1, updatedAt: now };
};

const normalised = (tags: readonly string[]): string[] => [...new Set(tags)].sort();

/** The number given back: it points nowhere and rests until its quarantine ends. @throws AppError number.released, number.locked, number.asked_for, number.wrong_state */
export const releaseNumber = (number: TenantNumber, rules: readonly QuarantineRule[], now: Date): ReleasedNumber => {
  refuseReleased(number);
  refuseLocked(number);
  const quarantinedUntil = quarantineEnd(number, now, rules);
  return { ...moved(number, 'release', now), trunkId: null, releasedAt: now, quarantinedUntil };
};

/** The number back in the hands that released it, pointing nowhere. @throws AppError number.not_restorable */
export const restoreNumber = (number: TenantNumber, now: Date): TenantNumber => {
  const until = restorableUntil(number);
  if (!until || until <= now) throw new AppError(numberErrors.notRestorable);
  return { ...moved(number, 'restore', now), releasedAt: null, quarantinedUntil: null };
};

/** Takes no calls and shows no caller ID until it is reinstated; its tenant keeps and pays it. @throws AppError number.wrong_state */
export const suspendNumber = (number: TenantNumber, now: Date): TenantNumber => ({ ...moved(number, 'suspend', now), suspendedAt: now });

/** @throws AppError number.wrong_state */
export const reinstateNumber = (number: TenantNumber, now: Date): TenantNumber => ({
  ...moved(number, 'reinstate', now),
  suspendedAt: null,
});

/** The number as it ends here, and as it begins at another tenant. @throws AppError number.released, number.locked, number.asked_for, number.wrong_state */
export const transferNumber = (number: TenantNumber, id: string, now: Date): { from: ReleasedNumber; to: TenantNumber } => {
  refuseReleased(number);
  refuseLocked(number);
  const from = { ...moved(number, 'transfer', now), trunkId: null, releasedAt: now, quarantinedUntil: now }; // it rests for nobody
  return { from, to: orderedNumber(id, number, { trunkId: null, externalReference: null, tags: [] }, now) };
};

export const isReleased = (number: TenantNumber): boolean => number.releasedAt !== null;

/** Until when a released number can be had back; null when it was not released. */
export const restorableUntil = ({ releasedAt, quarantinedUntil }: TenantNumber): Date | null =>
  releasedAt && quarantinedUntil && restoreEnd(releasedAt, quarantinedUntil);

/** From when a number that is had back is paid again: the day of its release is paid already. */
export const paidAgainFrom = ({ releasedAt }: TenantNumber, now: Date): Date => {
  const isSameDay = releasedAt?.toISOString().slice(0, 10) === now.toISOString().slice(0, 10);
  return isSameDay ? new Date(now.getTime() + 86_400_000) : now;
};

const moved = (number: TenantNumber, event: NumberEvent, now: Date): TenantNumber => {
  const state = step(number.state, event);
  if (!state || state === 'none') throw new AppError(numberErrors.wrongState, `The number is ${number.state}`);
  return { ...number, state, revision: number.revision + 1, updatedAt: now };
};

const refuseReleased = (number: TenantNumber): void => {
  if (isReleased(number)) throw new AppError(numberErrors.released);
};

const refuseLocked = (number: TenantNumber): void => {
  if (number.deletionLock) throw new AppError(numberErrors.locked);
  if (number.askedForAt) throw new AppError(numberErrors.askedFor);
};
