import { isIPv4 } from 'node:net';
import { toPublicId } from '@trunkline/kernel';
import { idOut, timestampOut } from '@trunkline/platform';
import { z } from 'zod';
import { EDGE_STATES } from '../core/watch-edges.ts';
import type { EdgeWithToken } from './create-edge.ts';
import type { Edge } from './edge-queries.ts';

const ADDRESS = /^([0-9.]+):(\d{1,5})$/;
const isSipAddress = (text: string): boolean => {
  const [, host = '', port] = ADDRESS.exec(text) ?? [];
  return isIPv4(host) && Number(port) >= 1 && Number(port) <= 65_535;
};

export const newEdge = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,30}$/, 'must be 1 to 31 lower-case letters, digits and hyphens')
      .meta({ example: 'fra-1' }),
    sip_address: z
      .string()
      .max(64)
      .refine(isSipAddress, 'must be an IPv4 address and a port, e.g. 198.51.100.7:5060')
      .meta({ example: '198.51.100.7:5060' }),
  })
  .meta({ id: 'NewEdge' });
export type NewEdgeBody = z.infer<typeof newEdge>;

const version = z.int().describe('Grows by one with each entry that changes');

export const edgeOut = z
  .strictObject({
    id: idOut('edge'),
    object: z.literal('edge'),
    name: z.string(),
    sip_address: z.string(),
    state: z.enum(EDGE_STATES).describe('draining: new calls go to other edges; drained: no call and no unsent record is left'),
    state_at: timestampOut().nullable(),
    connected: z.boolean(),
    last_seen_at: timestampOut().nullable(),
    lost_at: timestampOut().nullable().describe('Since when it counts as lost: silent, or without its Kamailio'),
    enrolled_at: timestampOut().nullable(),
    key: z
      .strictObject({ enrolled_at: timestampOut(), age_secs: z.int() })
      .nullable()
      .describe('The key by which it proves itself. It does not expire; rotate-enrol-token lets it have another'),
    tenants: z.int().describe('Tenants whose calls it carries'),
    agent: z
      .strictObject({
        contract: z.int(),
        version: z.string().nullable(),
        refused_code: z.string().nullable().describe('Why it was turned away; null when it was let in'),
        refused_at: timestampOut().nullable(),
      })
      .nullable()
      .describe('What its agent said of itself when it last connected'),
    configuration: z.strictObject({
      desired_version: version,
      applied_version: version,
      lag: z.int().describe('Changed entries it has not applied yet'),
      lag_secs: z.int().describe('Age of the oldest of them'),
      applied_at: timestampOut().nullable(),
      drifted_at: timestampOut()
        .nullable()
        .describe('When its entries last differed from what it had acknowledged; it was sent all of them then'),
      drifted_kinds: z.array(z.string()).describe('Of which kinds'),
      drifts: z.int().describe('How often that was'),
      resync_requested_at: timestampOut().nullable().describe('Since when it is to be sent everything'),
      resynced_at: timestampOut().nullable().describe('When it was last sent everything because of drift or because somebody asked'),
      resyncs: z.int().describe('How often that was'),
      swept_at: timestampOut().nullable().describe('When all entries were last compared with what is wanted'),
      sweep_repaired: z.int().nullable().describe('How many differed then and were written anew'),
      sweep_blocked: z.string().nullable().describe('Why the last sweep repaired nothing'),
    }),
    status: z
      .strictObject({ kamailio: z.enum(['up', 'down']), spool_depth: z.int(), active_calls: z.int(), bundle: z.string() })
      .nullable()
      .describe('What it said of itself when it was last seen'),
    created_at: timestampOut(),
  })
  .meta({ id: 'Edge' });

export const activation = z
  .strictObject({
    return_tenants: z.boolean().default(false).describe('Bring back the tenants that were moved away when it was drained or lost'),
  })
  .prefault({})
  .meta({ id: 'EdgeActivation' });
export type ActivationBody = z.infer<typeof activation>;

export const edgeWithTokenOut = edgeOut
  .extend({ enrol_token: z.string().describe('Trades once for the edge’s identity. Shown this once'), enrol_expires_at: timestampOut() })
  .meta({ id: 'EdgeWithToken' });

export const edgeToWire = (e: Edge): z.infer<typeof edgeOut> => ({
  id: toPublicId('edge', e.id),
  object: 'edge',
  name: e.name,
  sip_address: e.sipAddress,
  state: e.state,
  state_at: e.stateAt?.toISOString() ?? null,
  connected: e.connected,
  last_seen_at: e.lastSeenAt?.toISOString() ?? null,
  lost_at: e.lostAt?.toISOString() ?? null,
  enrolled_at: e.enrolledAt?.toISOString() ?? null,
  key: e.keyEnrolledAt && { enrolled_at: e.keyEnrolledAt.toISOString(), age_secs: e.keyAgeSecs ?? 0 },
  tenants: e.tenants,
  agent:
    e.contract === null
      ? null
      : {
          contract: e.contract,
          version: e.agentVersion,
          refused_code: e.refusedCode,
          refused_at: e.refusedAt?.toISOString() ?? null,
        },
  configuration: {
    desired_version: Number(e.desiredVersion),
    applied_version: Number(e.appliedVersion),
    lag: Math.max(0, Number(e.desiredVersion - e.appliedVersion)),
    lag_secs: e.lagSecs,
    applied_at: e.appliedAt?.toISOString() ?? null,
    drifted_at: e.driftedAt?.toISOString() ?? null,
    drifted_kinds: [...e.driftKinds],
    drifts: e.drifts,
    resync_requested_at: e.resyncRequestedAt?.toISOString() ?? null,
    resynced_at: e.resyncedAt?.toISOString() ?? null,
    resyncs: e.resyncs,
    swept_at: e.sweptAt?.toISOString() ?? null,
    sweep_repaired: e.sweepRepaired,
    sweep_blocked: e.sweepBlocked,
  },
  status: e.status && {
    kamailio: e.status.kamailio,
    spool_depth: e.status.spool_depth,
    active_calls: e.status.active_calls,
    bundle: e.status.bundle,
  },
  created_at: e.createdAt.toISOString(),
});

export const edgeWithTokenToWire = (e: EdgeWithToken): z.infer<typeof edgeWithTokenOut> => ({
  ...edgeToWire(e),
  enrol_token: e.enrolToken,
  enrol_expires_at: e.enrolExpiresAt.toISOString(),
});
