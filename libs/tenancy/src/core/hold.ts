/** Why a tenant may not call. Each kind is placed and lifted by itself: paying lifts the billing hold and no other. */
export const HOLD_KINDS = ['billing', 'fraud', 'operator', 'parent', 'reseller'] as const;
export type HoldKind = (typeof HOLD_KINDS)[number];

/** Those that somebody places: `parent` follows from whatever holds the tenant above. */
export const PLACED_HOLD_KINDS = ['billing', 'fraud', 'operator', 'reseller'] as const satisfies readonly HoldKind[];
export type PlacedHoldKind = (typeof PLACED_HOLD_KINDS)[number];

/** What a hold stops: every call, or those that the tenant places. Emergency calls pass. */
export const HOLD_STOPS = ['all', 'outbound'] as const;
export type HoldStops = (typeof HOLD_STOPS)[number];

/** A hold that stands. */
export type Hold = { readonly kind: HoldKind; readonly stops: HoldStops };

export const TENANT_STATES = ['active', 'restricted', 'suspended'] as const;
export type TenantState = (typeof TENANT_STATES)[number];

/** The state people see, derived and never stored. */
export const effectiveState = (holds: readonly Pick<Hold, 'stops'>[]): TenantState => {
  if (holds.length === 0) return 'active';
  return holds.some(({ stops }) => stops === 'all') ? 'suspended' : 'restricted';
};
