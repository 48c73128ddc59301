/** Why a tenant may not call. Each kind is placed and lifted by itself: paying lifts the billing hold and no other. */
export const HOLD_KINDS = ['billing', 'fraud', 'operator', 'parent'] as const;
export type HoldKind = (typeof HOLD_KINDS)[number];

/** The state people see, derived and never stored. */
export const effectiveState = (holds: readonly HoldKind[]): 'active' | 'suspended' => (holds.length === 0 ? 'active' : 'suspended');
