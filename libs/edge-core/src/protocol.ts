import type { ChannelKind } from './channels/channel-kind.ts';

/**
 * What an edge agent and the edge gateway say to each other over one WebSocket, opened by the agent. One JSON object a message.
 *
 *   agent  → hello                       gateway → challenge (or refused)
 *   agent  → proof                       gateway → welcome, then entries …
 *   agent  → applied, status, cdrs …     gateway → entries, cdrs_stored …
 */

/**
 * Raised when entries, CDR lines or messages change so that an older peer would misread them. Agents of the contract before are still served
 * (contract.ts). 2: the kinds `pbx` and `allow_list`; `active_calls` counts calls being set up, too, since a drain waits for it; `hello` names the agent's version. 3: the kinds
 * `channel_pool` and `channel_group`, without which a trunk's own cap would be all that holds calls of a pool, `inbound_group` and `schedule`,
 * `verified` and `presence`; CDR lines may say how the caller ID was attested.
 */
export const CONTRACT = 3;

export const ENTRY_KINDS = [
  'tenant',
  'trunk',
  'credential',
  'number',
  'source',
  'route',
  'emergency',
  'country',
  'pbx',
  'allow_list',
  'channel_pool',
  'channel_group',
  'inbound_group',
  'schedule',
  'verified',
  'presence',
] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

/** One row of an edge's configuration. `value` is JSON text; null removes the key. Versions only grow, within one scope. */
export type Entry = { readonly kind: EntryKind; readonly key: string; readonly value: string | null; readonly version: number };

export type AgentMessage =
  /** `cursor`: the highest version applied, 0 for none. */
  | {
      readonly type: 'hello';
      readonly contract: number;
      readonly edge_id: string;
      readonly cursor: number;
      readonly agent_version?: string | undefined;
    }
  /** Ed25519 signature, base64, over the UTF-8 bytes of `trunkline-edge:<edge_id>:<nonce>`. */
  | { readonly type: 'proof'; readonly signature: string }
  | { readonly type: 'applied'; readonly version: number }
  | { readonly type: 'status'; readonly status: EdgeStatus }
  /** `lines`: gzip NDJSON in base64, one CDR line (see cdr-record.ts) each. Re-sent with any batch number until stored. */
  | { readonly type: 'cdrs'; readonly batch: number; readonly lines: string }
  /** What came of a test call. Milliseconds; `post_dial_delay_ms` to the first sign of ringing or the final answer. */
  | {
      readonly type: 'test_call_result';
      readonly id: string;
      readonly sip_code: number;
      readonly reason: string | null;
      readonly answered: boolean;
      readonly post_dial_delay_ms: number | null;
      readonly duration_ms: number | null;
      readonly media_packets: number;
      readonly sip_call_id: string;
    };

export type GatewayMessage =
  | { readonly type: 'challenge'; readonly nonce: string }
  | { readonly type: 'welcome'; readonly edge_name: string; readonly realm: string }
  /**
   * `reset` marks the first part of a full set, which replaces all the agent has once `last` arrives. `version` is the cursor to
   * acknowledge after this message when `last` is true.
   */
  | {
      readonly type: 'entries';
      readonly reset: boolean;
      readonly last: boolean;
      readonly version: number;
      readonly entries: readonly Entry[];
    }
  | { readonly type: 'cdrs_stored'; readonly batch: number }
  /** Place a call for a trunk, to a `number` as its PBX would, or to the `pbx` as a carrier would. An agent that does not know it ignores it. */
  | {
      readonly type: 'test_call';
      readonly id: string;
      readonly trunk_id: string;
      readonly target: 'number' | 'pbx';
      readonly from: string | null;
      readonly to: string;
      readonly talk_secs: number;
      readonly codecs: readonly string[];
      readonly secure: boolean;
    }
  | { readonly type: 'refused'; readonly code: string; readonly detail: string };

/** What the agent reports about itself and its Kamailio, every few seconds and on change. */
export type EdgeStatus = {
  readonly kamailio: 'up' | 'down';
  readonly applied_version: number;
  readonly spool_depth: number;
  readonly active_calls: number; // those being set up included
  readonly bundle: string; // hash of the decision bundle Kamailio runs
  readonly tls_expires_at?: string | undefined; // when the certificate of its TLS listener ends
  /** Per entry kind a checksum of all (key, value) pairs, so that the sweep can see drift. See checksum.ts. */
  readonly checksums: Readonly<Record<string, string>>;
  /**
   * What asking targets by OPTIONS found, by host and port: those that do not answer, those that were not asked yet, at most 100 each. One in
   * neither list answers, if `complete`. Absent when the agent does not ask.
   */
  readonly targets?: { readonly complete: boolean; readonly down: readonly string[]; readonly unknown: readonly string[] } | undefined;
  /** What carries the calls that are answered now; at most 1,000, and then not `complete`. */
  readonly channels?: ChannelsReport | undefined;
  /** Of the trunks that this edge registers, at most 1,000; those that fail come first. */
  readonly registrations?: readonly RegistrationReport[] | undefined;
};

/** How registering a trunk at its registrar stands. `sip_code`: the last final answer; null: none came. `since`: of the state, as this agent saw it. */
export type RegistrationReport = {
  readonly trunk_id: string;
  readonly state: 'registering' | 'registered' | 'failing';
  readonly sip_code: number | null;
  readonly since: string;
};

/** Answered calls of a tenant that channels of one kind carry: of a pool, or (null) of trunks that have their own. */
export type ChannelUseReport = {
  readonly tenant_id: string;
  readonly kind: ChannelKind;
  readonly pool_id: string | null;
  readonly calls: number;
};
export type ChannelsReport = { readonly complete: boolean; readonly uses: readonly ChannelUseReport[] };

/** POST <gateway>/enrol: trades a one-time token for an identity. `public_key` is Ed25519, SPKI, PEM. */
export type EnrolRequest = { readonly token: string; readonly public_key: string };
export type EnrolResponse = { readonly edge_id: string; readonly edge_name: string };
