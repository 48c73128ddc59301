import { DEFAULT_CALLS_PER_SECOND } from '@trunkline/edge-core';
import type { AuthMode, CalledNumberIn, Codec, SrtpPolicy } from '@trunkline/edge-core';
import { compareNetworks, invalidField } from '@trunkline/kernel';
import type { E164, Ipv4Network } from '@trunkline/kernel';

/** Where an inbound call is tried; the lowest priority first, among equals in proportion to their weights (as in RFC 2782). */
export type InboundRoute = { readonly uri: string; readonly priority: number; readonly weight: number };

/**
 * What becomes of an outbound call with a number that is none of the tenant's: refused, presented with the default caller ID, or, if the tenant
 * proved that it may use that number, let through.
 */
export const CALLER_ID_POLICIES = ['reject', 'replace', 'pass_verified'] as const;
export type CallerIdPolicy = (typeof CALLER_ID_POLICIES)[number];

export const AUTH_MODES = ['either', 'digest', 'ip', 'both'] as const satisfies readonly AuthMode[];
export const SRTP_POLICIES = ['disabled', 'optional', 'required'] as const satisfies readonly SrtpPolicy[];
export const CALLED_NUMBER_PLACES = ['request_uri', 'to'] as const satisfies readonly CalledNumberIn[];

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
  readonly tags: readonly string[]; //             the tenant's own words, to find it by
  readonly ipAddresses: readonly Ipv4Network[]; // calls from there are this trunk's, without a password
  readonly techPrefix: string | null; //           dialled before the number; tells trunks at one address apart
  readonly callsPerSecondMax: number | null; //    outbound calls begun within a second; null: the platform's usual rate
  readonly callerIdPolicy: CallerIdPolicy;
  readonly tlsRequired: boolean; //                outbound calls over UDP and TCP are refused
  readonly maxCallSecs: number | null; //          null: the platform's four hours
  readonly maxRingSecs: number | null; //          inbound, at each place where it is tried; null: two minutes
  readonly rerouteCodes: readonly number[] | null; // SIP answers that send an inbound call to the next route; null: 408 and 5xx
  readonly disasterRecoveryUri: string | null; //  where it goes when all of that failed
  readonly presenceNumbers: readonly E164[]; //    own numbers; the one nearest to whom is called is presented
  readonly authMode: AuthMode; //                  what proves that a call is its own
  readonly ipListIds: readonly string[]; //        addresses that it has beside its own
  readonly credentialListIds: readonly string[]; // digest users that it has beside its own
  readonly codecs: readonly Codec[] | null; //     the only ones that calls may offer, the best first; null: any
  readonly srtp: SrtpPolicy;
  readonly registrationContactsMax: number | null; // null, of each: the platform's usual limit
  readonly registrationExpiresMinSecs: number | null;
  readonly registrationExpiresMaxSecs: number | null;
  readonly calledNumberIn: CalledNumberIn; //      where a registered contact finds the number
  readonly rejectAnonymous: boolean; //            inbound calls whose caller withholds its number are refused
};

export type Trunk = TrunkSettings & {
  readonly id: string; // uuid
  readonly revision: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

/** How fast and how far a trunk calls. */
export const reachOf = (t: TrunkSettings): { readonly callsPerSecond: number; readonly countries: readonly string[] } => ({
  callsPerSecond: t.callsPerSecondMax ?? DEFAULT_CALLS_PER_SECOND,
  countries: t.allowedCountries,
});

/** @throws AppError request.invalid */
export const openTrunk = (id: string, settings: TrunkSettings, now: Date): Trunk => ({
  ...sound(settings),
  ...normalised(settings),
  id,
  revision: 1,
  createdAt: now,
  updatedAt: now,
});

/** The trunk after a change, or the very same object when nothing differs: no new revision, nothing to send to the edges. @throws AppError request.invalid */
export const changeTrunk = (trunk: Trunk, change: Partial<TrunkSettings>, now: Date): Trunk => {
  const next = { ...trunk, ...change };
  const settled = { ...sound(next), ...normalised(next) };
  return same({ ...trunk, ...normalised(trunk) }, settled) ? trunk : { ...settled, revision: trunk.revision + 1, updatedAt: now };
};

const normalised = (
  s: TrunkSettings,
): Pick<
  TrunkSettings,
  'allowedCountries' | 'inboundRoutes' | 'ipAddresses' | 'presenceNumbers' | 'rerouteCodes' | 'tags' | 'ipListIds' | 'credentialListIds'
> => ({
  allowedCountries: [...new Set(s.allowedCountries)].sort(),
  // a stored route has its fields in another order than a given one
  inboundRoutes: s.inboundRoutes.map(({ uri, priority, weight }) => ({ uri, priority, weight })).sort((a, b) => a.priority - b.priority),
  ipAddresses: [...s.ipAddresses].sort(compareNetworks),
  presenceNumbers: [...new Set(s.presenceNumbers)].sort(),
  tags: [...new Set(s.tags)].sort(),
  ipListIds: [...new Set(s.ipListIds)].sort(),
  credentialListIds: [...new Set(s.credentialListIds)].sort(),
  rerouteCodes: s.rerouteCodes && [...new Set(s.rerouteCodes)].sort((a, b) => a - b),
});

/** Rules over two fields, of which a change may name one. */
const sound = <T extends TrunkSettings>(settings: T): T => {
  if (settings.callerIdPolicy === 'replace' && settings.defaultCallerId === null)
    throw invalidField('/default_caller_id', 'required', 'The caller ID policy "replace" needs a default caller ID');
  const nowhere = settings.ipAddresses.length === 0 && settings.ipListIds.length === 0;
  if (nowhere && (settings.authMode === 'ip' || settings.authMode === 'both'))
    throw invalidField('/auth_mode', 'needs_address', `The mode "${settings.authMode}" needs an address: name ip_addresses or ip_list_ids`);
  const { registrationExpiresMinSecs: least, registrationExpiresMaxSecs: most } = settings;
  if (least !== null && most !== null && least > most)
    throw invalidField('/registration_expires_max_secs', 'too_small', 'The longest registration must not be shorter than the shortest');
  return settings;
};

const same = (a: Trunk, b: Trunk): boolean => JSON.stringify(a) === JSON.stringify(b);
