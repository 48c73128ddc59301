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
