import { Injectable } from '@nestjs/common';
import type { TenantContext } from '@trunkline/kernel';
import { Database, sql } from '@trunkline/platform';
import { ProvisioningView } from '@trunkline/trunks/server';
import type { ProvisionedType, Provisioning } from '@trunkline/trunks/server';

type Row = {
  edge: string;
  sipAddress: string;
  home: boolean;
  state: Provisioning['edges'][number]['state'];
  appliedVersion: bigint;
  appliedAt: Date | null;
  resourceId: string | null;
  revision: number | null;
  version: bigint | null;
  marked: boolean | null; // a change waits to be compiled
};

const find = sql<Row>(
  'provisioning-of',
  `SELECT e.name AS edge, e.sip_address AS "sipAddress", e.id IS NOT DISTINCT FROM t.home_edge_id AS home,
     CASE WHEN e.lost_at IS NULL THEN e.state ELSE 'lost' END AS state, e.applied_version AS "appliedVersion",
     e.applied_at AS "appliedAt", r.resource_id AS "resourceId", r.revision, r.version,
     EXISTS (SELECT FROM edge_dirty d WHERE d.resource_type = r.resource_type AND d.resource_id = r.resource_id) AS marked
   FROM edge e JOIN tenant t ON t.id = $3 LEFT JOIN edge_resource r ON r.scope = e.scope AND r.resource_type = $1 AND r.resource_id = ANY ($2::text[])
   WHERE e.enrolled_at IS NOT NULL AND e.deleted_at IS NULL ORDER BY e.name`,
);

/** Compares what the compiler wrote with what each edge acknowledged. Nothing waits for an edge that is lost or drained. A new credential is a change, too, though it makes no new revision. */
@Injectable()
export class EdgeProvisioningView extends ProvisioningView {
  constructor(private readonly db: Database) {
    super();
  }

  async of(
    ctx: TenantContext,
    type: ProvisionedType,
    resources: readonly { readonly id: string; readonly revision: number }[],
  ): Promise<ReadonlyMap<string, Provisioning>> {
    if (resources.length === 0) return new Map();
    const rows = await this.db.ask(
      ctx,
      find,
      type,
      resources.map((r) => r.id),
      ctx.tenantId,
    );
    return new Map(resources.map(({ id, revision }) => [id, provisioning(id, revision, rows)]));
  }
}

const provisioning = (id: string, revision: number, rows: readonly Row[]): Provisioning => {
  const perEdge = [...new Map(rows.map((r) => [r.edge, r])).values()];
  const edges = perEdge.map(({ edge, sipAddress, home, state }) => {
    const row = rows.find((r) => r.edge === edge && r.resourceId === id);
    const reached = row?.version != null && row.appliedVersion >= row.version;
    return { edge, sipAddress, home, state, appliedRevision: reached ? row.revision : null, appliedAt: reached ? row.appliedAt : null };
  });
  const marked = rows.some((r) => r.resourceId === id && r.marked);
  const serving = edges.filter((e) => e.state === 'active' || e.state === 'draining');
  const applied = !marked && serving.length > 0 && serving.every((e) => e.appliedRevision === revision);
  return { state: applied ? 'applied' : 'pending', edges };
};
