import { invalidField } from '@trunkline/kernel';
import type { TenantNumber } from '@trunkline/numbers';
import { isForeignKeyViolation, sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import type { Trunk } from '@trunkline/trunks';
import { leaveGroup } from '@trunkline/trunks/server';
import type { NumberChannelSettings, NumberChannels, TrunkChannelSettings, TrunkChannels } from '../core/channel-group.ts';

const ofNumber = sql<NumberChannelSettings>(
  'number-channels',
  `SELECT pool_id AS "poolId", dedicated, direction, group_id AS "groupId", json_build_object('both', cap_both, 'inbound', cap_inbound, 'outbound', cap_outbound) AS caps
   FROM number_channels WHERE tenant_id = $1 AND id = $2`,
);
const writeNumber = sql(
  'number-channels-write',
  `WITH told AS (UPDATE number_assignment SET revision = $10, updated_at = $11 WHERE tenant_id = $1 AND id = $2)
   INSERT INTO number_channels (tenant_id, id, pool_id, dedicated, direction, group_id, cap_both, cap_inbound, cap_outbound) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
   ON CONFLICT (tenant_id, id) DO UPDATE SET pool_id = $3, dedicated = $4, direction = $5, group_id = $6, cap_both = $7, cap_inbound = $8, cap_outbound = $9`,
);
const ofTrunk = sql<TrunkChannelSettings>(
  'trunk-channels',
  `SELECT c.group_id AS "groupId", CASE WHEN c.id IS NULL THEN json_build_object('inbound', t.own_cap_inbound, 'outbound', t.own_cap_outbound)
     ELSE json_build_object('inbound', c.cap_inbound, 'outbound', c.cap_outbound) END AS caps
   FROM trunk t LEFT JOIN trunk_channels c ON c.tenant_id = t.tenant_id AND c.id = t.id WHERE t.tenant_id = $1 AND t.id = $2`,
);
const writeTrunk = sql(
  'trunk-channels-write',
  `INSERT INTO trunk_channels (tenant_id, id, group_id, cap_inbound, cap_outbound) VALUES ($1, $2, $3, $4, $5)
   ON CONFLICT (tenant_id, id) DO UPDATE SET group_id = $3, cap_inbound = $4, cap_outbound = $5`,
);
const own = sql(
  'trunk-own-channels',
  `UPDATE trunk SET revision = $3, updated_at = $4, own_cap_inbound = $5, own_cap_outbound = $6 WHERE tenant_id = $1 AND id = $2`,
);

const NONE: NumberChannelSettings = {
  ...{ poolId: null, dedicated: 0, direction: 'both', groupId: null },
  caps: { both: null, inbound: null, outbound: null },
};
const OWN: TrunkChannelSettings = { groupId: null, caps: { inbound: null, outbound: null } };

export const channelsOfNumber = async (tx: Tx, tenantId: string, { id, revision, updatedAt }: TenantNumber): Promise<NumberChannels> => ({
  ...((await tx.query(ofNumber, tenantId, id))[0] ?? NONE),
  ...{ id, revision, updatedAt },
});

/** The number has a new revision with it: its channels come to the edges in its entry. */
export const writeNumberChannels = (tx: Tx, tenantId: string, n: NumberChannels): Promise<unknown> => {
  const caps = [n.caps.both, n.caps.inbound, n.caps.outbound];
  return tx.query(writeNumber, tenantId, n.id, n.poolId, n.dedicated, n.direction, n.groupId, ...caps, n.revision, n.updatedAt);
};

export const channelsOfTrunk = async (tx: Tx, tenantId: string, { id, revision, updatedAt }: Trunk): Promise<TrunkChannels> => ({
  ...((await tx.query(ofTrunk, tenantId, id))[0] ?? OWN),
  ...{ id, revision, updatedAt },
});

/** The trunk has a new revision with it, and without a group its caps are its own. */
export const writeTrunkChannels = async (tx: Tx, tenantId: string, { id, groupId, caps, ...told }: TrunkChannels): Promise<void> => {
  if (groupId === null) await leaveGroup(tx, tenantId, id);
  else await tx.query(writeTrunk, tenantId, id, groupId, caps.inbound, caps.outbound);
  const ofItsOwn = groupId === null ? caps : OWN.caps;
  await tx.query(own, tenantId, id, told.revision, told.updatedAt, ofItsOwn.inbound, ofItsOwn.outbound);
};

/** A group that is not the tenant's, or was deleted in this moment. */
export const unknownGroup = (error: unknown): never => {
  const references = ['number_channels_tenant_id_group_id_fkey', 'trunk_channels_tenant_id_group_id_fkey'];
  if (!references.some((name) => isForeignKeyViolation(error, name))) throw error;
  throw invalidField('/group_id', 'unknown', 'No such channel group');
};
