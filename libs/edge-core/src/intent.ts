import type { Codec } from './media/codecs.ts';
import type { ChannelCaps, ChannelDirection, DirectionCaps } from './channels/channel-kind.ts';

/** What the control plane wants of one edge group, as plain data: the input of `compile()`. Ids are uuids, countries ISO 3166-1 alpha-2. */

import type { InboundGroupValue, ScheduleValue } from './entries/entry-values.ts';

export type HoldKind = 'billing' | 'fraud' | 'operator' | 'parent' | 'reseller';

export type TenantIntent = {
  readonly id: string;
  readonly channelsMax: number | null; // null: no cap of the tenant's own
  readonly holds: readonly { readonly kind: HoldKind; readonly stops: 'all' | 'outbound' }[];
  /** The one edge that carries this tenant's calls, so that caps are exact without shared state. Null: any edge. */
  readonly homeEdge: { readonly name: string; readonly sipAddress: string } | null;
  readonly homeMovedAtSecs?: number | null; // Unix time; null or absent: it never moved
  /** The inbound group of its disaster plan, while that is in force; absent, too, when it is not. */
  readonly disasterGroupId?: string | null;
  readonly verified: boolean; //          the operator's approval of who it is holds
};

/** The lowest priority is tried first; among equals one is drawn in proportion to its weight (RFC 2782). */
export type Rank = { readonly priority: number; readonly weight: number };

/** What becomes of an outbound call that presents a number of somebody else's: refused, or given the trunk's default caller ID. */
export type CallerIdPolicy = 'reject' | 'replace';

/** How somebody proved that they may present a number that is not theirs: by a code sent to it, or by papers. */
export type VerifiedRight = 'verified' | 'documented';
/** What proves that a call is a trunk's: a known address or a password, one of them alone, or both together. */
export type AuthMode = 'either' | 'digest' | 'ip' | 'both';

/** Whether calls may, or must, offer encrypted media (RTP/SAVP, RFC 3711). */
export type SrtpPolicy = 'disabled' | 'optional' | 'required';

/** Where a registered contact finds the called number. `to`: the Request-URI is its contact as it registered it, which is all that telephones answer to. */
export type CalledNumberIn = 'request_uri' | 'to';

export type TrunkIntent = {
  readonly id: string;
  readonly tenantId: string;
  readonly enabled: boolean;
  readonly channelsMax: number;
  readonly country: string; //                     where the PBX is: national dialling and emergency numbers
  readonly allowedCountries: readonly string[]; // none: no outbound call but emergency
  readonly defaultCallerId: string | null; //      E.164
  readonly inboundRoutes: readonly ({ readonly uri: string } & Rank)[];
  readonly credentials: readonly { readonly username: string; readonly ha1Md5: string }[];
  readonly callsPerSecondMax: number | null; // outbound; null: the platform's usual rate
  readonly callerIdPolicy: CallerIdPolicy;
  readonly techPrefix: string | null; // dialled before the number, not part of it
  readonly tlsRequired: boolean;
  readonly maxCallSecs: number | null; //          null: the edge's four hours
  readonly maxRingSecs: number | null; //          inbound; null: the edge's two minutes
  readonly rerouteCodes: readonly number[] | null; // answers that send an inbound call to its next target; null: 408 and 5xx
  readonly disasterRecoveryUri: string | null; //  where inbound calls go when nothing else takes them
  readonly passVerified: boolean; //               numbers of others that were verified may be presented
  readonly presenceNumbers: readonly string[]; //  E.164, the tenant's own: the one nearest to whom is called is presented
  readonly authMode: AuthMode;
  readonly sourceNetworks: readonly string[]; //   all that it names, by itself and by lists
  readonly codecs: readonly Codec[] | null; //     the only ones, the best first; null: any
  readonly srtp: SrtpPolicy;
  readonly registration: RegistrationLimits;
  readonly calledNumberIn: CalledNumberIn;
  readonly rejectAnonymous: boolean; //            inbound calls whose caller withholds its number are refused
  readonly channels?: TrunkChannelsIntent | null; // null: its own, `channelsMax` of them
  readonly channelCaps?: DirectionCaps | null; //    of its own channels; null or absent: none
  readonly registrar?: RegistrarIntent | null; //    null: its edge registers nowhere
};

/** Where a trunk's edge registers itself, at a PBX or a carrier, with a digest user that was made there. */
export type RegistrarIntent = {
  readonly uri: string; // without a user
  readonly username: string;
  readonly realm: string;
  readonly ha1Md5: string;
  readonly expiresSecs: number;
};

/** Null: the platform's usual limit. */
export type RegistrationLimits = {
  readonly contactsMax: number | null;
  readonly expiresMinSecs: number | null;
  readonly expiresMaxSecs: number | null;
};

/** Digest users that several trunks share; `ha1Md5` as with a trunk's own, the newer last. */
export type SharedCredentialIntent = {
  readonly username: string;
  readonly ha1Md5: readonly string[];
  readonly trunks: readonly { readonly trunkId: string; readonly techPrefix: string | null }[];
};

/** A trunk whose calls are carried by channels of pools: of the numbers, else of this group. */
export type TrunkChannelsIntent = { readonly groupId: string; readonly caps: ChannelCaps };

/** `dedicated` channels of a pool that carry calls of this number alone, and the group whose channels it shares. */
export type NumberChannelsIntent = {
  readonly poolId: string | null;
  readonly dedicated: number;
  readonly direction: ChannelDirection;
  readonly groupId: string | null;
  readonly caps: ChannelCaps;
};

/** What a tenant bought for a set of countries. */
export type ChannelPoolIntent = { readonly id: string; readonly channels: number; readonly includedPerNumber: number };

/** Channels of a pool that numbers share, and metered ones for when none of them is free. */
export type ChannelGroupIntent = {
  readonly id: string;
  readonly poolId: string;
  readonly shared: number;
  readonly meteredMax: number;
  readonly direction: ChannelDirection;
  readonly caps: ChannelCaps;
};

/** A number of somebody else's that a tenant may present. */
export type VerifiedIntent = { readonly tenantId: string; readonly e164: string; readonly right: VerifiedRight };

/**
 * Calls from this network are a trunk's, without a password. An IPv4 address, or a network `a.b.c.d/24` to `/31`. Several trunks may share
 * one when their tech prefixes tell them apart.
 */
export type TrunkAddressIntent = { readonly network: string; readonly trunkId: string; readonly techPrefix: string | null };

/** Groups and schedule: absent means none. */
export type NumberIntent = {
  readonly e164: string;
  readonly tenantId: string;
  readonly trunkId: string | null;
  readonly channels?: NumberChannelsIntent | null;
  readonly groupId?: string | null;
  readonly scheduleId?: string | null;
  readonly disasterGroupId?: string | null;
  readonly emergencyMissing?: boolean; // it must have an emergency address to be called from, and has none
};

export type InboundGroupIntent = { readonly id: string } & InboundGroupValue;
export type ScheduleIntent = { readonly id: string } & ScheduleValue;

/** A carrier's gateway: where we send calls, and the addresses its calls come from. */
export type GatewayIntent = {
  readonly id: string;
  readonly carrierId: string;
  readonly uri: string;
  readonly sourceAddresses: readonly string[];
};

export type RankedGateway = { readonly gatewayId: string } & Rank;

/** Calls to `prefix` (digits, no +) go to these gateways. */
export type RouteIntent = { readonly prefix: string; readonly gateways: readonly RankedGateway[] };

/** Emergency calls of a country go to these gateways, whatever else holds. */
export type EmergencyRouteIntent = { readonly country: string; readonly gateways: readonly RankedGateway[] };

export type Intent = {
  readonly tenants: readonly TenantIntent[];
  readonly trunks: readonly TrunkIntent[];
  readonly numbers: readonly NumberIntent[];
  readonly verified: readonly VerifiedIntent[];
  readonly gateways: readonly GatewayIntent[];
  readonly routes: readonly RouteIntent[];
  readonly emergencyRoutes: readonly EmergencyRouteIntent[];
  readonly trunkAddresses: readonly TrunkAddressIntent[];
  readonly inboundGroups: readonly InboundGroupIntent[];
  readonly schedules: readonly ScheduleIntent[];
  readonly sharedCredentials: readonly SharedCredentialIntent[];
  readonly allowList: readonly string[]; // IPv4 addresses and networks that are never banned
  readonly channelPools: readonly ChannelPoolIntent[];
  readonly channelGroups: readonly ChannelGroupIntent[];
};
