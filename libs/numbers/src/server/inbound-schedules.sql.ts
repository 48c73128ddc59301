import { AppError, invalidField, notFound } from '@trunkline/kernel';
import type { Position } from '@trunkline/kernel';
import { isUniqueViolation, sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { numberErrors } from '../core/errors.ts';
import { groupsOf } from '../core/inbound-schedule.ts';
import type { InboundSchedule } from '../core/inbound-schedule.ts';

const SELECT = `SELECT id, name, time_zone AS "timeZone", rules, holidays, otherwise_group_id AS "otherwiseGroupId", revision, created_at AS "createdAt",
    updated_at AS "updatedAt" FROM inbound_schedule WHERE tenant_id = $1`;
const one = sql<InboundSchedule>('inbound-schedule-one', `${SELECT} AND id = $2`);
const lock = sql<InboundSchedule>('inbound-schedule-lock', `${SELECT} AND id = $2 FOR UPDATE`);
const list = sql<InboundSchedule>(
  'inbound-schedule-list',
  `${SELECT} AND (created_at, id) < ($2, $3) ORDER BY created_at DESC, id DESC LIMIT $4`,
);
const insert = sql(
  'inbound-schedule-insert',
  `INSERT INTO inbound_schedule (tenant_id, id, name, time_zone, rules, holidays, otherwise_group_id, revision, created_at, updated_at)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
);
const update = sql(
  'inbound-schedule-update',
  `UPDATE inbound_schedule SET name = $3, time_zone = $4, rules = $5, holidays = $6, otherwise_group_id = $7, revision = $8, updated_at = $9
   WHERE tenant_id = $1 AND id = $2`,
);
const forgetGroups = sql('inbound-schedule-forget', `DELETE FROM inbound_schedule_group WHERE tenant_id = $1 AND schedule_id = $2`);
const nameGroups = sql(
  'inbound-schedule-name',
  `INSERT INTO inbound_schedule_group (tenant_id, schedule_id, group_id) SELECT $1, $2, g FROM unnest($3::uuid[]) AS g`,
);
const hold = sql<{ id: string }>('inbound-schedule-hold', `SELECT id FROM inbound_schedule WHERE tenant_id = $1 AND id = $2 FOR SHARE`);
// what numbers that were given back had pointed at holds nobody up
const forgetNumbers = sql(
  'number-routing-forget-schedule',
  `DELETE FROM number_routing r USING number_assignment a
   WHERE r.tenant_id = $1 AND r.schedule_id = $2 AND a.tenant_id = r.tenant_id AND a.id = r.number_id AND a.released_at IS NOT NULL`,
);
const remove = sql('inbound-schedule-delete', `DELETE FROM inbound_schedule WHERE tenant_id = $1 AND id = $2`);

/** @throws AppError resource.not_found */
export const readSchedule = async (tx: Tx, tenantId: string, id: string): Promise<InboundSchedule> => {
  const [schedule] = await tx.query(one, tenantId, id);
  if (!schedule) throw notFound();
  return schedule;
};

/** The schedule, locked until the transaction ends. @throws AppError resource.not_found */
export const lockSchedule = async (tx: Tx, tenantId: string, id: string): Promise<InboundSchedule> => {
  const [schedule] = await tx.query(lock, tenantId, id);
  if (!schedule) throw notFound();
  return schedule;
};

/** Schedules after a position, newest first. */
export const listSchedules = (tx: Tx, tenantId: string, after: Position, limit: number): Promise<InboundSchedule[]> =>
  tx.query(list, tenantId, after.createdAt, after.id, limit);

/** With the groups that it names, which must be held. */
export const insertSchedule = async (tx: Tx, tenantId: string, s: InboundSchedule): Promise<void> => {
  const { id, name, timeZone, otherwiseGroupId, revision, createdAt, updatedAt } = s;
  const values = [id, name, timeZone, JSON.stringify(s.rules), JSON.stringify(s.holidays), otherwiseGroupId];
  await tx.query(insert, tenantId, ...values, revision, createdAt, updatedAt).catch(scheduleNameTaken);
  await tx.query(nameGroups, tenantId, id, groupsOf(s));
};

export const updateScheduleRow = async (tx: Tx, tenantId: string, s: InboundSchedule): Promise<void> => {
  const { id, name, timeZone, otherwiseGroupId, revision, updatedAt } = s;
  const values = [id, name, timeZone, JSON.stringify(s.rules), JSON.stringify(s.holidays), otherwiseGroupId];
  await tx.query(update, tenantId, ...values, revision, updatedAt).catch(scheduleNameTaken);
  await tx.query(forgetGroups, tenantId, id);
  await tx.query(nameGroups, tenantId, id, groupsOf(s));
};

/** @throws pg error of a foreign key while a number names it */
export const deleteScheduleRow = async (tx: Tx, tenantId: string, id: string): Promise<void> => {
  await tx.query(forgetNumbers, tenantId, id);
  await tx.query(remove, tenantId, id);
};

/** Holds on to the schedule a number is pointed at. @throws AppError request.invalid */
export const holdSchedule = async (tx: Tx, tenantId: string, id: string): Promise<void> => {
  const found = await tx.query(hold, tenantId, id);
  if (found.length === 0) throw invalidField('/inbound_schedule_id', 'unknown', 'No such inbound schedule');
};

const scheduleNameTaken = (error: unknown): never => {
  if (!isUniqueViolation(error, 'inbound_schedule_tenant_id_name_key')) throw error;
  const { title } = numberErrors.scheduleNameTaken;
  throw new AppError(numberErrors.scheduleNameTaken, undefined, { errors: [{ pointer: '/name', code: 'taken', detail: title }] });
};
