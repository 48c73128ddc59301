/**
 * What carries a call. `trunk`: the channels that were bought with its trunk. The others come from a capacity pool and are used up in this
 * order: those that a number brings along, those dedicated to it, those that its group shares, and at last metered ones.
 */
export const CHANNEL_KINDS = ['trunk', 'included', 'dedicated', 'shared', 'metered'] as const;
export type ChannelKind = (typeof CHANNEL_KINDS)[number];

export const CHANNEL_DIRECTIONS = ['both', 'inbound', 'outbound'] as const;
export type ChannelDirection = (typeof CHANNEL_DIRECTIONS)[number];

/** The most calls at one time, of both directions together and of each; null: no cap. */
export type ChannelCaps = { readonly both: number | null; readonly inbound: number | null; readonly outbound: number | null };
/** Where both directions together have a cap of another name. */
export type DirectionCaps = Omit<ChannelCaps, 'both'>;
export const NO_CAPS: ChannelCaps = { both: null, inbound: null, outbound: null };
