import { tlsAddressOf } from '@trunkline/edge-core';
import type { TenantContext } from '@trunkline/kernel';
import { timestampOut } from '@trunkline/platform';
import { z } from 'zod';

/** How far a resource has come to the edges. `applied`: every edge at work runs the revision shown. */
export type Provisioning = {
  readonly state: 'pending' | 'applied';
  readonly edges: readonly EdgeProvisioning[];
};

/**
 * `home`: the edge that carries the tenant's calls, the others are its stand-by. `sipAddress`: where a PBX sends them, ip:port. `state`: nothing
 * waits for an edge that is drained or lost.
 */
export type EdgeProvisioning = {
  readonly edge: string;
  readonly sipAddress: string;
  readonly home: boolean;
  readonly state: 'active' | 'draining' | 'drained' | 'lost';
  readonly appliedRevision: number | null;
  readonly appliedAt: Date | null;
};

export type ProvisionedType = 'trunk' | 'number' | 'channel_pool' | 'channel_group';

/** Answers for many resources at once. Implemented above, where edges are known; asked here and by every domain whose resources reach an edge. */
export abstract class ProvisioningView {
  /** @param resources id (E.164 of a number, uuid of anything else) with its current revision */
  abstract of(
    ctx: TenantContext,
    type: ProvisionedType,
    resources: readonly { readonly id: string; readonly revision: number }[],
  ): Promise<ReadonlyMap<string, Provisioning>>;
}

export const provisioningOut = z
  .strictObject({
    revision: z.int(),
    state: z.enum(['pending', 'applied']),
    edges: z.array(
      z.strictObject({
        edge: z.string(),
        sip_address: z.string(),
        tls_address: z.string().describe('For SIP over TLS: the same address, the port above'),
        home: z.boolean().describe('It carries the tenant’s calls'),
        state: z.enum(['active', 'draining', 'drained', 'lost']),
        applied_revision: z.int().nullable(),
        applied_at: timestampOut().nullable(),
      }),
    ),
  })
  .meta({ id: 'Provisioning' });

/** The wire form; a resource nobody knows yet is pending everywhere. */
export const provisioningToWire = (revision: number, p: Provisioning | undefined): z.infer<typeof provisioningOut> => ({
  revision,
  state: p?.state ?? 'pending',
  edges: (p?.edges ?? []).map((e) => ({
    edge: e.edge,
    sip_address: e.sipAddress,
    tls_address: tlsAddressOf(e.sipAddress),
    home: e.home,
    state: e.state,
    applied_revision: e.appliedRevision,
    applied_at: e.appliedAt?.toISOString() ?? null,
  })),
});
