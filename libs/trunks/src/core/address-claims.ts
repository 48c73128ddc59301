import type { AuthMode } from '@trunkline/edge-core';
import { networkBits, networksOverlap } from '@trunkline/kernel';
import type { Ipv4Network } from '@trunkline/kernel';

/** An address or network of a trunk. `identifies`: a call from there is the trunk's for that alone, so that nobody else may have it. */
export type AddressClaim = { readonly network: Ipv4Network; readonly listed: boolean; readonly identifies: boolean };

/**
 * What a trunk claims of its own addresses and those of its lists. Where one lies within another the wider speaks for both; where a password is needed
 * as well, none of them identifies anybody, and trunks may share them.
 */
export const addressClaims = (own: readonly Ipv4Network[], listed: readonly Ipv4Network[], mode: AuthMode): AddressClaim[] => {
  const all = [
    ...own.map((network) => ({ network, listed: false })),
    ...[...new Set(listed)].filter((network) => !own.includes(network)).map((network) => ({ network, listed: true })),
  ];
  const isWithinAnother = (n: Ipv4Network): boolean =>
    all.some((a) => networkBits(a.network) < networkBits(n) && networksOverlap(a.network, n));
  const identifying = mode === 'either' || mode === 'ip';
  return all.map((a) => ({ ...a, identifies: identifying && !isWithinAnother(a.network) }));
};

/** Whether the number that is dialled tells two trunks apart: each has a tech prefix, and none begins the other. */
export const areToldApart = (a: string | null, b: string | null): boolean =>
  a !== null && b !== null && !a.startsWith(b) && !b.startsWith(a);
