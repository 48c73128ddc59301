import { Injectable } from '@nestjs/common';
import { Database, publish, sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { MAIN_SCOPE, edgeContext } from './scope.ts';

// an edge that is lost or drained is waited for by nobody; the row is locked, so that each version is told once
const lock = sql<{ version: bigint; floor: bigint | null }>(
  'provisioning-lock',
  `SELECT c.version, (SELECT min(e.applied_version) FROM edge e WHERE e.scope = c.scope AND e.enrolled_at IS NOT NULL AND e.deleted_at IS NULL
     AND e.lost_at IS NULL AND e.state IN ('active', 'draining')) AS floor
   FROM provisioning_cursor c WHERE c.scope = '${MAIN_SCOPE}' FOR UPDATE OF c`,
);
const advance = sql('provisioning-advance', `UPDATE provisioning_cursor SET version = $1 WHERE scope = '${MAIN_SCOPE}'`);
const reached = sql<{ type: string; id: string; revision: number }>(
  'provisioning-reached',
  `SELECT resource_type AS type, resource_id AS id, revision FROM edge_resource WHERE scope = '${MAIN_SCOPE}' AND version > $1 AND version <= $2`,
);

type Owner = { readonly key: string; readonly tenantId: string; readonly data: object };
/** Whose a resource is, and what is told of it; a deleted one is told of no more. */
const OWNERS: Readonly<Record<string, ReturnType<typeof sql<Owner>>>> = {
  trunk: sql(
    'provisioned-trunks',
    `SELECT id::text AS key, tenant_id AS "tenantId", json_build_object('trunkId', id) AS data FROM trunk WHERE id = ANY ($1::uuid[]) AND deleted_at IS NULL`,
  ),
  number: sql(
    'provisioned-numbers',
    `SELECT e164 AS key, tenant_id AS "tenantId", json_build_object('numberId', id, 'e164', e164) AS data FROM number_assignment
     WHERE e164 = ANY ($1::text[]) AND released_at IS NULL`,
  ),
  channel_pool: sql(
    'provisioned-channel-pools',
    `SELECT id::text AS key, tenant_id AS "tenantId", json_build_object('channelPoolId', id, 'channels', channels) AS data FROM channel_pool WHERE id = ANY ($1::uuid[])`,
  ),
  channel_group: sql(
    'provisioned-channel-groups',
    `SELECT id::text AS key, tenant_id AS "tenantId", json_build_object('channelGroupId', id) AS data FROM channel_group WHERE id = ANY ($1::uuid[])`,
  ),
  inbound_group: sql(
    'provisioned-groups',
    `SELECT id::text AS key, tenant_id AS "tenantId", json_build_object('inboundGroupId', id) AS data FROM inbound_group WHERE id = ANY ($1::uuid[])`,
  ),
  inbound_schedule: sql(
    'provisioned-schedules',
    `SELECT id::text AS key, tenant_id AS "tenantId", json_build_object('inboundScheduleId', id) AS data FROM inbound_schedule WHERE id = ANY ($1::uuid[])`,
  ),
  disaster_plan: sql(
    'provisioned-plans',
    `SELECT tenant_id::text AS key, tenant_id AS "tenantId", json_build_object('inboundGroupId', group_id) AS data FROM disaster_plan WHERE tenant_id = ANY ($1::uuid[])`,
  ),
};

const EVENTS: Readonly<Record<string, string>> = {
  trunk: 'trunk.provisioned',
  number: 'number.provisioned',
  channel_pool: 'channel_pool.provisioned',
  channel_group: 'channel_group.provisioned',
  inbound_group: 'inbound_group.provisioned',
  inbound_schedule: 'inbound_schedule.provisioned',
  disaster_plan: 'disaster_plan.provisioned',
};

/** Tells tenants what every serving edge has by now: once for each change that was compiled, in a transaction of its own. */
@Injectable()
export class AnnounceProvisioned {
  constructor(private readonly db: Database) {}

  execute(): Promise<void> {
    return this.db.tx(edgeContext, async (tx) => {
      const [cursor] = await tx.query(lock);
      if (!cursor || cursor.floor === null || cursor.floor <= cursor.version) return;
      const rows = await tx.query(reached, cursor.version, cursor.floor);
      for (const [type, ofType] of Map.groupBy(rows, (r) => r.type)) await tell(tx, type, new Map(ofType.map((r) => [r.id, r.revision])));
      await tx.query(advance, cursor.floor);
    });
  }
}

const tell = async (tx: Tx, type: string, revisions: ReadonlyMap<string, number>): Promise<void> => {
  const [owner, event] = [OWNERS[type], EVENTS[type]];
  if (!owner || event === undefined) return;
  for (const { key, tenantId, data } of await tx.query(owner, [...revisions.keys()]))
    publish(tx, { type: event, tenantId, data: { ...data, revision: revisions.get(key) } });
};
