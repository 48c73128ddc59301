import type { ChannelKind } from './channels/channel-kind.ts';

/** `poolId`: uuid; null of a trunk's own channels. */
export type CdrChannel = { readonly kind: ChannelKind; readonly poolId: string | null };

/** One call attempt as the edge saw it: a `start` when it was answered (live view only), and exactly one `end` for each attempt. */
export type CdrRecord = {
  readonly uid: string; //             unique per edge, given when the attempt began
  readonly kind: 'start' | 'end';
  readonly direction: 'outbound' | 'inbound' | 'emergency';
  readonly outcome: 'answered' | 'failed' | 'rejected';
  readonly tenantId: string | null; // uuid; null when no tenant could be found
  readonly trunkId: string | null; //  uuid
  readonly carrierId: string | null; // uuid: chosen (outbound) or calling (inbound)
  readonly gateway: string | null; //  SIP URI last tried
  readonly from: string; //            user part of From exactly as sent
  readonly to: string; //              user part of the Request-URI exactly as sent
  readonly callerId: string | null; // E.164, what was presented
  readonly destination: string | null; // E.164, what was dialled
  readonly callId: string;
  readonly sourceAddress: string;
  readonly startedAtMs: number;
  readonly answeredAtMs: number | null;
  readonly endedAtMs: number | null; // null in a `start`
  readonly sipCode: number;
  readonly reason: string | null; //   our error code when we rejected, e.g. trunk.caller_id_not_allowed
  readonly hangupBy: 'caller' | 'callee' | 'edge' | null;
  readonly attempts: readonly number[]; // final SIP code of each leg that failed before the last
  readonly estimated: boolean; //      it ended unseen: `endedAtMs` is its last evidence of life
  readonly channel?: CdrChannel; //    what carried it; none when nothing did, or channels do not count for it
};

export type ParsedCdr = { readonly ok: true; readonly record: CdrRecord } | { readonly ok: false; readonly reason: string };
