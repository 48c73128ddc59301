import type { ChannelCaps, ChannelDirection, DirectionCaps } from '../channels/channel-kind.ts';
import type { CalledNumberIn, CallerIdPolicy, Rank, RegistrarIntent, RegistrationLimits, SrtpPolicy, VerifiedRight } from '../intent.ts';
import type { Codec } from '../media/codecs.ts';
import type { DiallingPlan } from '../numbering/dialled-number.ts';

/** What the value of each kind of entry says. One value serves one question, so a reader never sees half of a change. */

/** Among a tenant's holds: it places no calls, but takes them. Any other hold stops both. */
export const RESTRICTED = 'restricted';
export type TenantValue = {
  readonly channelsMax: number | null;
  readonly holds: readonly string[];
  readonly home: HomeEdge | null;
  readonly disasterGroupId: string | null; // takes all inbound calls while the disaster plan is in force
  readonly verified: boolean;
};
export type HomeEdge = {
  readonly name: string;
  readonly sipAddress: string;
  readonly sinceSecs?: number | null; // Unix time of the tenant's move there; none when it never moved
};

/** Key: trunk id. */
export type TrunkValue = {
  readonly tenantId: string;
  readonly enabled: boolean;
  readonly channelsMax: number;
  readonly country: string;
  readonly plan: DiallingPlan;
  readonly allowedCountries: readonly string[];
  readonly defaultCallerId: string | null; // E.164
  readonly inboundRoutes: readonly string[]; // SIP URIs, lowest priority first
  readonly callsPerSecondMax: number | null; // null: no limit
  readonly callerIdPolicy: CallerIdPolicy;
  readonly techPrefix: string | null;
  readonly tlsRequired: boolean;
  readonly maxCallSecs: number | null; //       null: the edge's four hours
  readonly maxRingSecs: number | null; //       inbound; null: the edge's two minutes
  readonly inboundRanks: readonly Rank[]; //    of `inboundRoutes`, one by one; none in an old entry: as they are listed
  readonly rerouteCodes: readonly number[] | null; // null: 408 and 5xx
  readonly disasterRecoveryUri: string | null;
  readonly onlyFrom: readonly string[] | null; // where its password is good; null: anywhere
  readonly codecs: readonly Codec[] | null; //    null: any
  readonly srtp: SrtpPolicy;
  readonly registration: RegistrationLimits;
  readonly calledNumberIn: CalledNumberIn;
  readonly rejectAnonymous: boolean; //         inbound calls whose caller withholds its number are refused
  readonly channels: TrunkChannels | null; // null: its own, `channelsMax` of them
  readonly channelCaps: DirectionCaps; //      of its own channels
  readonly passVerified: boolean; //            numbers of others that were verified may be presented
  readonly localPresence: boolean; //           it has a `presence` entry
};

/** Of a trunk whose calls are carried by channels of pools. `channelsMax` is then a cap like the others. */
export type TrunkChannels = { readonly groupId: string; readonly caps: ChannelCaps };

/** Key: digest user name. More than one HA1 while a password is being rotated. `trunks`: those that share it, `trunkId` the first of them. */
export type CredentialValue = { readonly trunkId: string; readonly ha1: readonly string[]; readonly trunks?: readonly PbxTrunk[] };

/**
 * A credential of the other kind: what the edge proves itself with where it registers. Its key is no digest user name, which has no colon (RFC 7616
 * §3.4): whoever names it is asked for a password that nobody has, and an edge that does not know it leaves it alone.
 */
export type RegistrarValue = RegistrarIntent & { readonly trunkId: string; readonly tenantId: string };

/** Key: E.164 digits without the +. `emergencyMissing`: it must have an emergency address to be called from, and has none. */
export type NumberValue = {
  readonly tenantId: string;
  readonly trunkId: string | null;
  readonly channels: NumberChannels | null;
  readonly groupId: string | null; //         takes its calls instead of the trunk's routes
  readonly scheduleId: string | null; //      names another group by the time of day
  readonly disasterGroupId: string | null; // in a disaster, instead of the tenant's
  readonly emergencyMissing: boolean;
};

/** What a number brings along when its calls are carried by channels of pools. */
export type NumberChannels = {
  readonly poolId: string | null; //  where its included and dedicated channels come from
  readonly dedicated: number;
  readonly direction: ChannelDirection; // of the calls that the dedicated ones carry
  readonly groupId: string | null; // null: the trunk's
  readonly caps: ChannelCaps;
};

/** Key: pool id. `channels` is what the tenant bought: dedicated and shared calls together never exceed it. */
export type ChannelPoolValue = { readonly channels: number; readonly includedPerNumber: number };

/** Key: group id. */
export type ChannelGroupValue = {
  readonly poolId: string;
  readonly shared: number;
  readonly meteredMax: number;
  readonly direction: ChannelDirection;
  readonly caps: ChannelCaps;
};

/** Key: `<tenant id>:<E.164 digits>`, a number of somebody else's that the tenant may present. */
export type VerifiedValue = { readonly right: VerifiedRight };

/** Key: trunk id. Numbers of the tenant's own as E.164 digits, sorted: the one nearest to whom is called is presented. */
export type PresenceValue = { readonly numbers: readonly string[] };

/** Key: IP address that a carrier's calls come from. */
export type SourceValue = { readonly carrierId: string; readonly gatewayId: string };

/** Key of a route: dial prefix, `*` for all. Key of an emergency entry: `<country>:<number>`, `*:<number>` for a caller whose country is unknown. */
export type TargetsValue = { readonly targets: readonly RankedTarget[] };
export type Target = { readonly uri: string; readonly carrierId: string };
export type RankedTarget = Target & Rank;

/** Key: dial prefix. The value is the ISO 3166-1 code itself. */
export type CountryValue = string;

/** Key: an IPv4 address or network that customers' calls come from; a kind of its own, for a `source` is a carrier and trusted as one. */
export type PbxValue = { readonly trunks: readonly PbxTrunk[] };
export type PbxTrunk = { readonly trunkId: string; readonly techPrefix: string | null };

/** Key: `*`. Joined by commas, as Kamailio's own test of an address takes them. */
export type AllowListValue = { readonly networks: string };

/** Key: id of an inbound group. */
export type InboundGroupValue = { readonly tenantId: string; readonly ringAll: boolean; readonly targets: readonly GroupTarget[] };
/** A SIP URI, the contact of a trunk, or a telephone number: one of the three. */
export type GroupTarget = Rank & {
  readonly uri: string | null;
  readonly trunkId: string | null;
  readonly number: string | null; // E.164
  readonly ringSecs: number | null;
};

/** Minutes of a local day, from the first on and before the second. */
export type Span = { readonly from: number; readonly to: number };
/** Key: id of a schedule. Weekdays from Sunday, 0; days are those since 1 January 1970. */
export type ScheduleValue = {
  /** How many minutes ahead of UTC the clocks are since a Unix time, in order. */
  readonly offsets: readonly { readonly since: number; readonly minutes: number }[];
  readonly rules: readonly (Span & { readonly weekdays: readonly number[]; readonly groupId: string | null })[];
  readonly holidays: readonly (Span & { readonly day: number; readonly groupId: string | null })[];
  readonly otherwise: string | null;
};

export const ANY = '*';
export const REGISTRAR = 'registrar:';
export const registrarKey = (trunkId: string): string => REGISTRAR + trunkId;
export const verifiedKey = (tenantId: string, digits: string): string => tenantId + ':' + digits;
export const emergencyKey = (country: string, number: string): string => country + ':' + number;
