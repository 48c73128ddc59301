import { networkHolds } from '@trunkline/kernel';
import type { FieldError, IpNetwork } from '@trunkline/kernel';

/** What narrows a key. */
export type KeyLimits = {
  readonly scopes: readonly string[];
  readonly expiresAt: Date | null; // null: never
  readonly allowedNetworks: readonly IpNetwork[]; // empty: anywhere
};

const forbidden = (pointer: string, detail: string): FieldError => ({ pointer, code: 'forbidden', detail });

/** In what a key would be more than the one that makes or changes it: nobody gives what he has not. */
export const beyond = (own: KeyLimits, wanted: KeyLimits): FieldError[] => [
  ...wanted.scopes.flatMap((scope, i) =>
    own.scopes.includes(scope) ? [] : [forbidden(`/scopes/${i}`, `This key has no ${scope} to give`)],
  ),
  ...(outlives(own, wanted)
    ? [forbidden('/expires_at', `This key ends at ${own.expiresAt?.toISOString()}; what it makes may not outlive it`)]
    : []),
  ...networksBeyond(own.allowedNetworks, wanted.allowedNetworks),
];

const outlives = (own: KeyLimits, wanted: KeyLimits): boolean =>
  own.expiresAt !== null && (wanted.expiresAt === null || wanted.expiresAt > own.expiresAt);

const networksBeyond = (own: readonly IpNetwork[], wanted: readonly IpNetwork[]): FieldError[] => {
  if (own.length === 0) return [];
  if (wanted.length === 0) return [forbidden('/allowed_networks', 'This key is bound to networks; so is what it makes')];
  return wanted.flatMap((network, i) =>
    own.some((o) => networkHolds(o, network)) ? [] : [forbidden(`/allowed_networks/${i}`, `This key may not be used from ${network}`)],
  );
};

/** Whether a key may be used from an address. */
export const mayComeFrom = (allowed: readonly IpNetwork[], address: string): boolean =>
  allowed.length === 0 || allowed.some((network) => networkHolds(network, address));
