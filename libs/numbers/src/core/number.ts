import { AppError, canTransition } from '@trunkline/kernel';
import type { E164 } from '@trunkline/kernel';
import { numberErrors } from './errors.ts';
import { INVENTORY_TRANSITIONS } from './lifecycle.ts';
import { quarantineEnd } from './quarantine.ts';

/** What a tenant decides about a number. */
export type NumberSettings = {
  readonly trunkId: string | null; // uuid of the trunk that takes its calls; null: they are refused
  readonly externalReference: string | null;
  readonly tags: readonly string[]; // the tenant's own words, to find it by
};

/** A number in a tenant's hands: from its order until the quarantine after its release is over. */
export type TenantNumber = NumberSettings & {
  readonly id: string; // uuid
  readonly e164: E164;
  readonly country: string;
  readonly revision: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly releasedAt: Date | null;
  readonly quarantinedUntil: Date | null;
};

export type ReleasedNumber = TenantNumber & { readonly releasedAt: Date; readonly quarantinedUntil: Date };

export const orderedNumber = (id: string, found: { e164: E164; country: string }, settings: NumberSettings, now: Date): TenantNumber => ({
  ...settings,
  tags: normalised(settings.tags),
  id,
  e164: found.e164,
  country: found.country,
  revision: 1,
  createdAt: now,
  updatedAt: now,
  releasedAt: null,
  quarantinedUntil: null,
});

/** The number after a change, or the very same object when nothing differs. @throws AppError number.released */
export const changeNumber = (number: TenantNumber, change: Partial<NumberSettings>, now: Date): TenantNumber => {
  refuseReleased(number);
  const next = { ...number, ...change, tags: normalised(change.tags ?? number.tags) };
  const same =
    next.trunkId === number.trunkId && next.externalReference === number.externalReference && next.tags.join() === number.tags.join();
  return same ? number : { ...next, revision: number.revision + 1, updatedAt: now };
};

const normalised = (tags: readonly string[]): string[] => [...new Set(tags)].sort();

/** The number given back: it points nowhere and rests until its quarantine ends. @throws AppError number.released */
export const releaseNumber = (number: TenantNumber, now: Date): ReleasedNumber => {
  refuseReleased(number);
  const quarantinedUntil = quarantineEnd(number.e164, now);
  return { ...number, trunkId: null, revision: number.revision + 1, updatedAt: now, releasedAt: now, quarantinedUntil };
};

export const isReleased = (number: TenantNumber): boolean => number.releasedAt !== null;

// what cannot go into quarantine any more is already there
const refuseReleased = (number: TenantNumber): void => {
  const state = isReleased(number) ? 'quarantined' : 'assigned';
  if (!canTransition(INVENTORY_TRANSITIONS, state, 'quarantined')) throw new AppError(numberErrors.released);
};
