import type { E164 } from '@trunkline/kernel';

/** Where an inbound call is tried; the lowest priority first, among equals in proportion to their weights (as in RFC 2782). */
export type InboundRoute = { readonly uri: string; readonly priority: number; readonly weight: number };

/** What a tenant decides about a trunk. */
export type TrunkSettings = {
  readonly name: string;
  readonly country: string; //                     ISO 3166-1 alpha-2: where the PBX is
  readonly channelsMax: number; //                 calls at one time, both directions
  readonly enabled: boolean;
  readonly defaultCallerId: E164 | null; //        presented when the PBX sends none of the tenant's numbers
  readonly allowedCountries: readonly string[]; // none until opened
  readonly inboundRoutes: readonly InboundRoute[]; // none: calls go to the registered contact
  readonly externalReference: string | null;
  readonly maxCallSecs: number | null; //          null: the platform's four hours
  readonly rerouteCodes: readonly number[] | null; // SIP answers that send an inbound call to the next route; null: 408 and 5xx
  readonly disasterRecoveryUri: string | null; //  where it goes when all of that failed
};

export type Trunk = TrunkSettings & {
  readonly id: string; // uuid
  readonly revision: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

export const openTrunk = (id: string, settings: TrunkSettings, now: Date): Trunk => ({
  ...settings,
  ...normalised(settings),
  id,
  revision: 1,
  createdAt: now,
  updatedAt: now,
});

/** The trunk after a change, or the very same object when nothing differs: no new revision, nothing to send to the edges. */
export const changeTrunk = (trunk: Trunk, change: Partial<TrunkSettings>, now: Date): Trunk => {
  const next = { ...trunk, ...change };
  const settled = { ...next, ...normalised(next) };
  return same({ ...trunk, ...normalised(trunk) }, settled) ? trunk : { ...settled, revision: trunk.revision + 1, updatedAt: now };
};

const normalised = (s: TrunkSettings): Pick<TrunkSettings, 'allowedCountries' | 'inboundRoutes' | 'rerouteCodes'> => ({
  allowedCountries: [...new Set(s.allowedCountries)].sort(),
  // a stored route has its fields in another order than a given one
  inboundRoutes: s.inboundRoutes.map(({ uri, priority, weight }) => ({ uri, priority, weight })).sort((a, b) => a.priority - b.priority),
  rerouteCodes: s.rerouteCodes && [...new Set(s.rerouteCodes)].sort((a, b) => a - b),
});

const same = (a: Trunk, b: Trunk): boolean => JSON.stringify(a) === JSON.stringify(b);
