import type { Transitions } from '@trunkline/kernel';

/** What the platform does with a number it holds. */
export const INVENTORY_STATES = ['available', 'assigned', 'quarantined'] as const;
export type InventoryState = (typeof INVENTORY_STATES)[number];

/** Ordered by a tenant, released into quarantine, available again when that is over. */
export const INVENTORY_TRANSITIONS: Transitions<InventoryState> = {
  available: ['assigned'],
  assigned: ['quarantined'],
  quarantined: ['available'],
};

export type Quarantined = { readonly state: InventoryState; readonly quarantinedUntil: Date | null };

/** The state at an instant. A quarantine ends by the clock: at its very end the number is available, whether or not a sweep has said so. */
export const stateAt = ({ state, quarantinedUntil }: Quarantined, now: Date): InventoryState =>
  state === 'quarantined' && quarantinedUntil !== null && quarantinedUntil <= now ? 'available' : state;
