import { AppError, notFound } from '@trunkline/kernel';
import type { Position } from '@trunkline/kernel';
import { isUniqueViolation, sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import type { ChannelGroup } from '../core/channel-group.ts';
import { channelErrors } from '../core/errors.ts';

const CAPS = `json_build_object('both', cap_both, 'inbound', cap_inbound, 'outbound', cap_outbound) AS caps`;
const GROUP = `SELECT id, pool_id AS "poolId", name, direction, shared, metered_max AS "meteredMax", ${CAPS}, revision, created_at AS "createdAt",
  updated_at AS "updatedAt" FROM channel_group`;
const insert = sql(
  'channel-group-insert',
  `INSERT INTO channel_group (tenant_id, id, pool_id, name, direction, shared, metered_max, cap_both, cap_inbound, cap_outbound, revision, created_at, updated_at)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
);
const update = sql(
  'channel-group-update',
  `UPDATE channel_group SET name = $3, direction = $4, shared = $5, metered_max = $6, cap_both = $7, cap_inbound = $8, cap_outbound = $9, revision = $10, updated_at = $11
   WHERE tenant_id = $1 AND id = $2`,
);
const remove = sql('channel-group-delete', `DELETE FROM channel_group WHERE tenant_id = $1 AND id = $2`);
const lockOne = sql<ChannelGroup>('channel-group-lock', `${GROUP} WHERE tenant_id = $1 AND id = $2 FOR UPDATE`);
const several = sql<ChannelGroup>('channel-groups-of', `${GROUP} WHERE tenant_id = $1 AND id = ANY ($2::uuid[])`);
const list = sql<ChannelGroup>(
  'channel-group-list',
  `${GROUP} WHERE tenant_id = $1 AND (created_at, id) < ($2, $3) ORDER BY created_at DESC, id DESC LIMIT $4`,
);
const members = sql<{ name: string }>(
  'channel-group-members',
  `SELECT n.e164 AS name FROM number_channels c JOIN number_assignment n ON n.tenant_id = c.tenant_id AND n.id = c.id WHERE c.tenant_id = $1 AND c.group_id = $2
   UNION ALL SELECT t.name FROM trunk_channels c JOIN trunk t ON t.tenant_id = c.tenant_id AND t.id = c.id WHERE c.tenant_id = $1 AND c.group_id = $2 LIMIT 50`,
);

const settingsOf = (g: ChannelGroup) => [g.direction, g.shared, g.meteredMax, g.caps.both, g.caps.inbound, g.caps.outbound];

/** @throws AppError channel_group.name_taken */
export const insertGroup = (tx: Tx, tenantId: string, g: ChannelGroup): Promise<unknown> =>
  tx.query(insert, tenantId, g.id, g.poolId, g.name, ...settingsOf(g), g.revision, g.createdAt, g.updatedAt).catch(nameTaken);

/** @throws AppError channel_group.name_taken */
export const updateGroupRow = (tx: Tx, tenantId: string, g: ChannelGroup): Promise<unknown> =>
  tx.query(update, tenantId, g.id, g.name, ...settingsOf(g), g.revision, g.updatedAt).catch(nameTaken);

export const deleteGroupRow = (tx: Tx, tenantId: string, id: string): Promise<unknown> => tx.query(remove, tenantId, id);

/** @throws AppError resource.not_found */
export const lockGroup = async (tx: Tx, tenantId: string, id: string): Promise<ChannelGroup> => {
  const [group] = await tx.query(lockOne, tenantId, id);
  if (!group) throw notFound();
  return group;
};

export const readGroups = (tx: Tx, tenantId: string, ids: readonly string[]): Promise<ChannelGroup[]> => tx.query(several, tenantId, ids);

export const listGroups = (tx: Tx, tenantId: string, after: Position, limit: number): Promise<ChannelGroup[]> =>
  tx.query(list, tenantId, after.createdAt, after.id, limit);

/** The numbers and trunks in the group, fifty at most. */
export const membersOf = async (tx: Tx, tenantId: string, id: string): Promise<string[]> =>
  (await tx.query(members, tenantId, id)).map((m) => m.name);

const nameTaken = (error: unknown): never => {
  if (!isUniqueViolation(error, 'channel_group_tenant_id_name_key')) throw error;
  throw new AppError(channelErrors.groupNameTaken, undefined, {
    errors: [{ pointer: '/name', code: 'taken', detail: channelErrors.groupNameTaken.title }],
  });
};
