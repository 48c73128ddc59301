import type { ChannelDemand } from '../channels/channel-demand.ts';
import type { EntryKind } from '../protocol.ts';
import type { Target } from '../entries/entry-values.ts';
import type { Attestation } from './attestation.ts';
import type { CalledNumberIn, SrtpPolicy } from '../intent.ts';
import type { RejectReason } from './reject-reasons.ts';

/**
 * Reads one entry's JSON text, null when there is none. `meta` holds `version`, which an edge without configuration lacks; `health` has
 * something under the host and port of a target that is known to be down.
 */
export type Lookup = (kind: EntryKind | 'meta' | 'health', key: string) => string | null;

/** An INVITE as the edge received it. */
export type CallInput = {
  readonly edge: string; //                  name of this edge
  readonly sourceAddress: string; //         IP address the packet came from
  readonly provenTrunkId: string | null; //  the trunk whose password the digest proved; null before it was asked for
  readonly provenUser?: string | null; //    the digest user whose password that was, since trunks may share one
  readonly test?: 'number' | 'pbx' | null; // placed by this edge for a trunk that is tested, as its PBX or as the network would
  readonly requestUser: string; //           user part of the Request-URI
  readonly fromUser: string;
  readonly assertedUser: string | null; //   user part of P-Asserted-Identity (RFC 3325)
  readonly withheld?: boolean; //            the host of From is `anonymous.invalid`, or Privacy says `id` (RFC 3323, RFC 3325)
  readonly transport: string; //             udp, tcp or tls
  readonly draw: number; //                  a whole number by chance, which decides between targets of equal priority
  readonly nowSecs: number; //               Unix time, which schedules go by
  /** The SDP that the INVITE carries, read only where the trunk restricts media; null: none that can be read. */
  readonly offer?: () => string | null;
};

/** What is known of the call when the decision falls; goes into its CDR. */
export type CallFacts = {
  readonly direction: 'outbound' | 'inbound' | 'emergency';
  readonly tenantId: string | null;
  readonly trunkId: string | null;
  readonly carrierId: string | null; //   inbound: the carrier that brought it
  readonly callerId: string | null; //    E.164
  readonly destination: string | null; // E.164, or the emergency number
  readonly attestation: Attestation | null; // of `callerId`, where the call goes out to the network
};

/**
 * A place where a call is tried. `forward`: a telephone number, reached through that carrier, which the tenant pays for like a call of its own;
 * `carrierId` is then, as ever inbound, whoever brought the call.
 */
export type RouteTarget = Target & {
  readonly ringSecs?: number | null; // how long it may ring; null or absent: two minutes
  readonly forward?: { readonly destination: string; readonly carrierId: string };
};

/** At most `max` calls at once; null: no cap. */
export type Cap = { readonly max: number | null; readonly reason: RejectReason };

/** At most `max` calls begun within any one second. */
export type Rate = { readonly max: number; readonly reason: RejectReason };

export type Reject = { readonly action: 'reject'; readonly reason: RejectReason; readonly sipCode: number; readonly call: CallFacts };
/** Ask for digest credentials. */
export type Challenge = { readonly action: 'challenge' };
/** Send the caller to the edge that carries this tenant's calls (302). */
export type Redirect = {
  readonly action: 'redirect';
  readonly contact: string;
  readonly reason: RejectReason;
  readonly sipCode: number;
  readonly call: CallFacts;
};
export type Route = {
  readonly action: 'route';
  readonly call: CallFacts;
  /** In order; the next is tried when one fails with a reroute code. Empty: the contact that the trunk registered. */
  readonly targets: readonly RouteTarget[];
  /** Of a group: whether all targets ring at once or one after another. Absent: no group's. */
  readonly ringAll?: boolean;
  /** `direction`: of the trunk's calls in this call's direction. Null: never capped. */
  readonly caps: { readonly trunk: Cap; readonly direction: Cap; readonly tenant: Cap } | null;
  readonly channels: ChannelDemand | null; // null: those of its trunk, or an emergency call
  readonly rate: Rate | null; // null: not limited
  readonly maxCallSecs: number | null; // null: as long as the edge lets any call last
  readonly maxRingSecs: number | null; // null: as long as the edge lets any call ring
  readonly rerouteCodes: readonly number[] | null; // null: 408 and 5xx
  readonly offer: string | null; // the SDP to send on instead of the one that came; null: as it came
  readonly calledNumberIn: CalledNumberIn; // of a registered contact
  readonly srtp: SrtpPolicy; //      holds for what is offered within the call, too
  readonly fallback: Target | null; // tried when there is no registered contact, or it fails with a reroute code
};
export type Decision = Reject | Challenge | Redirect | Route;
