import { AppError, invalidField, notFound } from '@trunkline/kernel';
import type { Position } from '@trunkline/kernel';
import { isUniqueViolation, sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { numberErrors } from '../core/errors.ts';
import type { InboundGroup } from '../core/inbound-group.ts';

const SELECT = `SELECT id, name, strategy, targets, revision, created_at AS "createdAt", updated_at AS "updatedAt" FROM inbound_group WHERE tenant_id = $1`;
const one = sql<InboundGroup>('inbound-group-one', `${SELECT} AND id = $2`);
const lock = sql<InboundGroup>('inbound-group-lock', `${SELECT} AND id = $2 FOR UPDATE`);
const list = sql<InboundGroup>(
  'inbound-group-list',
  `${SELECT} AND (created_at, id) < ($2, $3) ORDER BY created_at DESC, id DESC LIMIT $4`,
);
const insert = sql(
  'inbound-group-insert',
  `INSERT INTO inbound_group (tenant_id, id, name, strategy, targets, revision, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
);
const update = sql(
  'inbound-group-update',
  `UPDATE inbound_group SET name = $3, strategy = $4, targets = $5, revision = $6, updated_at = $7 WHERE tenant_id = $1 AND id = $2`,
);
const hold = sql<{ id: string }>(
  'inbound-group-hold',
  `SELECT id FROM inbound_group WHERE tenant_id = $1 AND id = ANY ($2::uuid[]) FOR SHARE`,
);
const trunks = sql<{ id: string }>(
  'inbound-group-trunks',
  `SELECT id FROM trunk WHERE tenant_id = $1 AND id = ANY ($2::uuid[]) AND deleted_at IS NULL`,
);
// what numbers that were given back had pointed at holds nobody up
const forget = sql(
  'number-routing-forget',
  `DELETE FROM number_routing r USING number_assignment a
   WHERE r.tenant_id = $1 AND (r.group_id = $2 OR r.disaster_group_id = $2) AND a.tenant_id = r.tenant_id AND a.id = r.number_id AND a.released_at IS NOT NULL`,
);
const remove = sql('inbound-group-delete', `DELETE FROM inbound_group WHERE tenant_id = $1 AND id = $2`);

/** @throws AppError resource.not_found */
export const readGroup = async (tx: Tx, tenantId: string, id: string): Promise<InboundGroup> => {
  const [group] = await tx.query(one, tenantId, id);
  if (!group) throw notFound();
  return group;
};

/** The group, locked until the transaction ends. @throws AppError resource.not_found */
export const lockGroup = async (tx: Tx, tenantId: string, id: string): Promise<InboundGroup> => {
  const [group] = await tx.query(lock, tenantId, id);
  if (!group) throw notFound();
  return group;
};

/** Groups after a position, newest first. */
export const listGroups = (tx: Tx, tenantId: string, after: Position, limit: number): Promise<InboundGroup[]> =>
  tx.query(list, tenantId, after.createdAt, after.id, limit);

export const insertGroup = (tx: Tx, tenantId: string, g: InboundGroup): Promise<unknown> =>
  tx
    .query(insert, tenantId, g.id, g.name, g.strategy, JSON.stringify(g.targets), g.revision, g.createdAt, g.updatedAt)
    .catch(groupNameTaken);

export const updateGroupRow = (tx: Tx, tenantId: string, g: InboundGroup): Promise<unknown> =>
  tx.query(update, tenantId, g.id, g.name, g.strategy, JSON.stringify(g.targets), g.revision, g.updatedAt).catch(groupNameTaken);

/** @throws pg error of a foreign key while something names it */
export const deleteGroupRow = async (tx: Tx, tenantId: string, id: string): Promise<void> => {
  await tx.query(forget, tenantId, id);
  await tx.query(remove, tenantId, id);
};

/** Holds on to groups that something is pointed at, so that none of them is deleted meanwhile. @throws AppError request.invalid at the pointer */
export const holdGroups = async (tx: Tx, tenantId: string, ids: readonly string[], pointer: string): Promise<void> => {
  if (ids.length === 0) return;
  const found = await tx.query(hold, tenantId, ids);
  if (found.length < new Set(ids).size) throw invalidField(pointer, 'unknown', 'No such inbound group');
};

/** @throws AppError request.invalid */
export const requireTrunks = async (tx: Tx, tenantId: string, ids: readonly string[]): Promise<void> => {
  if (ids.length === 0) return;
  const found = await tx.query(trunks, tenantId, ids);
  if (found.length < ids.length) throw invalidField('/targets', 'unknown', 'A target names a trunk that is none');
};

const groupNameTaken = (error: unknown): never => {
  if (!isUniqueViolation(error, 'inbound_group_tenant_id_name_key')) throw error;
  const { title } = numberErrors.groupNameTaken;
  throw new AppError(numberErrors.groupNameTaken, undefined, { errors: [{ pointer: '/name', code: 'taken', detail: title }] });
};
