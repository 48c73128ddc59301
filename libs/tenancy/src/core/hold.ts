/** Why a tenant may not call. Each kind is placed and lifted by itself: paying lifts the billing hold and no other. */
export const HOLD_KINDS = ['billing', 'fraud', 'operator', 'parent', 'reseller'] as const;
export type HoldKind = (typeof HOLD_KINDS)[number];

/** Those that somebody places: `parent` follows from whatever holds the tenant above. */
export const PLACED_HOLD_KINDS = ['billing', 'fraud', 'operator', 'reseller'] as const satisfies readonly HoldKind[];
export type PlacedHoldKind = (typeof PLACED_HOLD_KINDS)[number];

/** The state people see, derived and never stored. */
export const effectiveState = (holds: readonly HoldKind[]): 'active' | 'suspended' => (holds.length === 0 ? 'active' : 'suspended');
