import { Inject, Injectable } from '@nestjs/common';
import { tlsAddressOf } from '@trunkline/edge-core';
import type { TenantContext } from '@trunkline/kernel';
import { Database, sql } from '@trunkline/platform';
import { connectionSheet } from '../core/connection-sheet/connection-sheet.ts';
import type { ConnectionSheet, PbxFamily } from '../core/connection-sheet/sheet.ts';
import { ProvisioningView } from './provisioning.ts';
import { SIP_REALM } from './sip-password.ts';
import { readTrunk } from './trunks.sql.ts';

const access = sql<{ usernames: string[]; networks: string[] }>(
  'trunk-sheet-access',
  `SELECT ARRAY(SELECT c.username FROM trunk_credential c WHERE c.tenant_id = $1 AND c.revoked_at IS NULL
      AND (c.trunk_id = $2 OR c.credential_list_id = ANY ($3::uuid[])) ORDER BY c.trunk_id IS NULL, c.created_at DESC, c.id) AS usernames,
    ARRAY(SELECT format('%s', a.network) FROM trunk_address a WHERE a.tenant_id = $1 AND a.trunk_id = $2 AND a.released_at IS NULL ORDER BY a.network) AS networks`,
);

/** Connection sheets, made of what is true when they are asked for. */
@Injectable()
export class SheetQueries {
  constructor(
    private readonly db: Database,
    private readonly provisioning: ProvisioningView,
    @Inject(SIP_REALM) private readonly realm: string,
  ) {}

  /** @throws AppError resource.not_found */
  async of(ctx: TenantContext, trunkId: string, family: PbxFamily): Promise<ConnectionSheet> {
    const { trunk, usernames, networks } = await this.db.read(ctx, async (tx) => {
      const found = await readTrunk(tx, ctx.tenantId, trunkId);
      const [known = { usernames: [], networks: [] }] = await tx.query(access, ctx.tenantId, trunkId, found.credentialListIds);
      return { trunk: found, ...known };
    });
    const provisioned = (await this.provisioning.of(ctx, 'trunk', [trunk])).get(trunk.id);
    const serving = (provisioned?.edges ?? []).filter((e) => e.state === 'active');
    const edges = [...serving.filter((e) => e.home), ...serving.filter((e) => !e.home)];
    const facts = {
      ...trunk,
      ...{ trunkName: trunk.name, realm: this.realm, usernames, networks },
      registrationExpiresSecs: trunk.registrationExpiresMaxSecs ?? 3600,
      hasRoutes: trunk.inboundRoutes.length > 0,
      edges: edges.map((e) => ({ name: e.edge, sipAddress: e.sipAddress, tlsAddress: tlsAddressOf(e.sipAddress), home: e.home })),
    };
    return connectionSheet(facts, family);
  }
}
