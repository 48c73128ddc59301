import type { E164, Position } from '@trunkline/kernel';
import { notFound } from '@trunkline/kernel';
import { sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import type { CarrierRequirement, CustomerRecord, PortRejection, PortableType } from '@trunkline/carriers';
import type { PortInState } from '../core/port-in-machine.ts';
import { fold } from '../core/port-history.ts';
import type { EntryData, PortEntry, PortNumberState, PortStanding } from '../core/port-history.ts';
import type { PortCustomer } from '../core/port-requirements.ts';

/** `untold`: the losing carrier does not tell, for the reason beside it. */
export type RecordState = 'wanted' | 'asked' | 'told' | 'untold';
export type PortOrderRow = {
  readonly tenantId: string;
  readonly id: string;
  readonly projectId: string;
  readonly trunkId: string | null;
  readonly createdBy: string;
  readonly country: string | null;
  readonly numberType: PortableType | null;
  readonly losingCarrierId: string | null;
  readonly losingCarrierName: string | null;
  readonly fastPort: boolean;
  readonly fields: Readonly<Record<string, string>>;
  readonly customer: PortCustomer;
  readonly customerRecord: CustomerRecord | null;
  readonly recordState: RecordState | null;
  readonly recordRef: string | null;
  readonly recordReason: string | null;
  readonly recordSince: Date | null;
  readonly recordDueAt: Date | null;
  readonly carrierAsks: readonly CarrierRequirement[];
  readonly messaging: string | null;
  readonly pinSealed: Buffer | null;
  readonly fixedFields: readonly string[];
  readonly state: PortInState;
  readonly stateSince: Date;
  readonly carrierRef: string | null;
  readonly focAt: Date | null;
  readonly focTimeZone: string | null;
  readonly requestedFocAt: Date | null;
  readonly rejections: readonly PortRejection[];
  readonly polledAt: Date | null;
  readonly revision: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};
export type PortNumberRow = {
  readonly id: string;
  readonly orderId: string;
  readonly e164: E164;
  readonly state: PortNumberState;
  readonly reason: string | null;
  readonly open: boolean;
  readonly claimed: boolean;
};
export type PortEventRow = PortEntry & {
  readonly sequence: number;
  readonly state: PortInState;
  readonly actorType: string;
  readonly actorId: string;
};
/** An order, locked, with all that it follows from. */
export type Port = {
  readonly row: PortOrderRow;
  readonly numbers: readonly PortNumberRow[];
  readonly standing: PortStanding;
  readonly length: number; // of its history
};

const ORDER = `SELECT o.tenant_id AS "tenantId", o.id, o.project_id AS "projectId", p.trunk_id AS "trunkId", p.created_by AS "createdBy", o.country,
    o.number_type AS "numberType", o.losing_carrier_id AS "losingCarrierId", o.losing_carrier_name AS "losingCarrierName", o.fast_port AS "fastPort",
    o.fields, o.customer, o.customer_record AS "customerRecord", o.record_state AS "recordState",
    o.record_ref AS "recordRef", o.record_reason AS "recordReason", o.record_since AS "recordSince", o.record_due_at AS "recordDueAt",
    o.carrier_asks AS "carrierAsks", o.messaging, o.pin_sealed AS "pinSealed", o.fixed_fields AS "fixedFields", o.state, o.state_since AS "stateSince", o.carrier_ref AS "carrierRef",
    o.foc_at AS "focAt", o.foc_time_zone AS "focTimeZone", o.requested_foc_at AS "requestedFocAt", o.rejections, o.polled_at AS "polledAt",
    o.revision, o.created_at AS "createdAt", o.updated_at AS "updatedAt"
  FROM port_order o JOIN port_project p ON p.tenant_id = o.tenant_id AND p.id = o.project_id`;

const order = sql<PortOrderRow>('port-order', `${ORDER} WHERE o.tenant_id = $1 AND o.id = $2`);
const lock = sql<PortOrderRow>('port-order-lock', `${ORDER} WHERE o.tenant_id = $1 AND o.id = $2 FOR UPDATE OF o`);
const orders = sql<PortOrderRow>(
  'port-orders',
  `${ORDER} WHERE o.tenant_id = $1 AND (o.created_at, o.id) < ($2, $3) AND ($5::text IS NULL OR o.state = $5) AND ($6::uuid IS NULL OR o.project_id = $6)
   ORDER BY o.created_at DESC, o.id DESC LIMIT $4`,
);
const ordersOf = sql<PortOrderRow>(
  'port-orders-of',
  `${ORDER} WHERE o.tenant_id = $1 AND o.project_id = ANY ($2::uuid[]) ORDER BY o.created_at, o.id`,
);
const inReview = sql<PortOrderRow>(
  'port-orders-in-review',
  `${ORDER} WHERE o.state = 'in_review' AND (o.state_since, o.id) > ($1, $2) ORDER BY o.state_since, o.id LIMIT $3`,
);
const numbersOf = sql<PortNumberRow>(
  'port-numbers',
  `SELECT id, order_id AS "orderId", e164, state, reason, open, claimed FROM port_number WHERE tenant_id = $1 AND order_id = ANY ($2::uuid[]) ORDER BY e164`,
);
const history = sql<PortEventRow>(
  'port-history',
  `SELECT sequence, event, numbers, data, state, actor_type AS "actorType", actor_id AS "actorId", at FROM port_event
   WHERE tenant_id = $1 AND order_id = $2 ORDER BY sequence`,
);
const histories = sql<PortEventRow & { orderId: string }>(
  'port-histories',
  `SELECT order_id AS "orderId", sequence, event, numbers, data, state, actor_type AS "actorType", actor_id AS "actorId", at FROM port_event
   WHERE tenant_id = $1 AND order_id = ANY ($2::uuid[]) ORDER BY order_id, sequence`,
);
const insertOrder = sql(
  'port-order-insert',
  `INSERT INTO port_order (tenant_id, id, project_id, fields, customer, pin_sealed, state, state_since, created_at, updated_at)
   VALUES ($1, $2, $3, $4, $5, $6, 'draft', $7, $7, $7)`,
);
const insertNumbers = sql<{ e164: string }>(
  'port-numbers-insert',
  `INSERT INTO port_number (tenant_id, id, order_id, e164, state) SELECT $1, n.id, $2, n.e164, 'unchecked' FROM unnest($3::uuid[], $4::text[]) AS n (id, e164)
   ON CONFLICT DO NOTHING RETURNING e164`,
);
const moveNumbers = sql(
  'port-numbers-move',
  `UPDATE port_number SET order_id = $3 WHERE tenant_id = $1 AND order_id = $2 AND e164 = ANY ($4::text[])`,
);
const deleteNumbers = sql(
  'port-numbers-delete',
  `DELETE FROM port_number WHERE tenant_id = $1 AND order_id = $2 AND e164 = ANY ($3::text[])`,
);
const describe = sql(
  'port-order-describe',
  `UPDATE port_order SET country = $3, number_type = $4, losing_carrier_id = $5, losing_carrier_name = $6, fast_port = $7, carrier_asks = $8 WHERE tenant_id = $1 AND id = $2`,
);
const setFields = sql(
  'port-order-fields',
  `UPDATE port_order SET fields = $3, pin_sealed = $4, fixed_fields = $5, customer = $6 WHERE tenant_id = $1 AND id = $2`,
);
const save = sql(
  'port-order-save',
  `UPDATE port_order SET state = $3, state_since = $4, carrier_ref = $5, foc_at = $6, foc_time_zone = $7, requested_foc_at = $8, rejections = $9,
     revision = revision + 1, updated_at = $10, messaging = $11 WHERE tenant_id = $1 AND id = $2`,
);
const saveNumbers = sql(
  'port-numbers-save',
  `UPDATE port_number n SET state = u.state, reason = u.reason, open = u.open, claimed = u.claimed
   FROM unnest($2::uuid[], $3::text[], $4::text[], $5::bool[], $6::bool[]) AS u (id, state, reason, open, claimed) WHERE n.tenant_id = $1 AND n.id = u.id`,
);
const append = sql(
  'port-event-append',
  `INSERT INTO port_event (tenant_id, order_id, sequence, event, numbers, data, state, actor_type, actor_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
);
const setTimers = sql(
  'port-timers-set',
  `WITH gone AS (DELETE FROM port_timer WHERE tenant_id = $1 AND order_id = $2 AND NOT kind = ANY ($3::text[]))
   INSERT INTO port_timer (tenant_id, order_id, kind, due_at) SELECT $1, $2, u.* FROM unnest($3::text[], $4::timestamptz[]) AS u
   ON CONFLICT (tenant_id, order_id, kind) DO UPDATE SET due_at = excluded.due_at WHERE port_timer.due_at <> excluded.due_at`,
);
const polled = sql('port-order-polled', `UPDATE port_order SET polled_at = $3 WHERE tenant_id = $1 AND id = $2`);
const silent = sql(
  'port-order-silent',
  `UPDATE port_order SET seen_version = $3, seen_revision = revision WHERE tenant_id = $1 AND id = $2`,
);

const one = async <T>(rows: Promise<T[]>): Promise<T> => {
  const [row] = await rows;
  if (!row) throw notFound();
  return row;
};

/** @throws AppError resource.not_found */
export const lockPort = async (tx: Tx, tenantId: string, id: string): Promise<Port> => {
  const row = await one(tx.query(lock, tenantId, id));
  const [entries, numbers] = await Promise.all([tx.query(history, tenantId, id), tx.query(numbersOf, tenantId, [id])]);
  return { row, numbers, standing: fold(entries), length: entries.length };
};

/** @throws AppError resource.not_found */
export const readOrder = (tx: Tx, tenantId: string, id: string) => one(tx.query(order, tenantId, id));
/** An order and its numbers, as they are now. @throws AppError resource.not_found */
export const readPort = async (tx: Tx, tenantId: string, id: string): Promise<Pick<Port, 'row' | 'numbers'>> => ({
  row: await readOrder(tx, tenantId, id),
  numbers: await tx.query(numbersOf, tenantId, [id]),
});

export const listOrders = (tx: Tx, tenantId: string, after: Position, limit: number, state?: string, projectId?: string) =>
  tx.query(orders, tenantId, after.createdAt, after.id, limit, state, projectId);
export const listOrdersOf = (tx: Tx, tenantId: string, projectIds: readonly string[]) => tx.query(ordersOf, tenantId, projectIds);
export const listInReview = (tx: Tx, after: Position, limit: number) => tx.query(inReview, after.createdAt, after.id, limit);
export const listNumbersOf = (tx: Tx, tenantId: string, orderIds: readonly string[]) => tx.query(numbersOf, tenantId, orderIds);
export const listHistory = (tx: Tx, tenantId: string, id: string) => tx.query(history, tenantId, id);

export const listHistories = (tx: Tx, tenantId: string, ids: readonly string[]) => tx.query(histories, tenantId, ids);

type NewOrder = Pick<PortOrderRow, 'id' | 'projectId' | 'fields' | 'customer' | 'pinSealed'>;
export const insertPortOrder = (tx: Tx, tenantId: string, o: NewOrder, now: Date) =>
  tx.query(insertOrder, tenantId, o.id, o.projectId, o.fields, o.customer, o.pinSealed, now);

/** @returns those that went in: the others are being ported already, whoever asked */
export const insertPortNumbers = async (
  tx: Tx,
  tenantId: string,
  orderId: string,
  numbers: readonly { readonly id: string; readonly e164: string }[],
): Promise<ReadonlySet<string>> => {
  const ids = numbers.map((n) => n.id);
  const e164s = numbers.map((n) => n.e164);
  return new Set((await tx.query(insertNumbers, tenantId, orderId, ids, e164s)).map((n) => n.e164));
};
export const movePortNumbers = (tx: Tx, tenantId: string, from: string, to: string, e164s: readonly string[]) =>
  tx.query(moveNumbers, tenantId, from, to, e164s);
export const deletePortNumbers = (tx: Tx, tenantId: string, id: string, e164s: readonly string[]) =>
  tx.query(deleteNumbers, tenantId, id, e164s);

type Description = Pick<PortOrderRow, 'country' | 'numberType' | 'losingCarrierId' | 'losingCarrierName' | 'fastPort' | 'carrierAsks'>;
export const describeOrder = (tx: Tx, tenantId: string, id: string, d: Description) =>
  tx.query(
    describe,
    tenantId,
    id,
    d.country,
    d.numberType,
    d.losingCarrierId,
    d.losingCarrierName,
    d.fastPort,
    JSON.stringify(d.carrierAsks),
  );
export const setOrderFields = (tx: Tx, { tenantId, id, fields, pinSealed, fixedFields, customer }: PortOrderRow) =>
  tx.query(setFields, tenantId, id, fields, pinSealed, fixedFields, customer);
export const markPolled = (tx: Tx, tenantId: string, id: string, now: Date) => tx.query(polled, tenantId, id, now);

/** The carrier's view has nothing new for the order as it now stands. */
export const markSilent = (tx: Tx, tenantId: string, id: string, version: number) => tx.query(silent, tenantId, id, version);

export const saveStanding = (tx: Tx, tenantId: string, id: string, s: PortStanding, now: Date) =>
  tx.query(
    save,
    tenantId,
    id,
    s.state,
    s.stateSince,
    s.carrierRef,
    s.foc && new Date(s.foc.at),
    s.foc && s.foc.timeZone,
    s.requestedFocAt && new Date(s.requestedFocAt),
    JSON.stringify(s.rejections),
    now,
    s.messaging,
  );
export const savePortNumbers = (tx: Tx, tenantId: string, numbers: readonly PortNumberRow[]) => {
  const column = <K extends keyof PortNumberRow>(key: K) => numbers.map((n) => n[key]);
  return tx.query(saveNumbers, tenantId, column('id'), column('state'), column('reason'), column('open'), column('claimed'));
};
export const appendEvent = (
  tx: Tx,
  tenantId: string,
  orderId: string,
  sequence: number,
  { event, numbers, data, at }: { event: string; numbers: readonly string[]; data: EntryData; at: Date },
  state: PortInState,
  actor: { readonly type: string; readonly id: string },
) => tx.query(append, tenantId, orderId, sequence, event, numbers, data, state, actor.type, actor.id, at);
export const writeTimers = (tx: Tx, tenantId: string, orderId: string, timers: ReadonlyMap<string, Date>) =>
  tx.query(setTimers, tenantId, orderId, [...timers.keys()], [...timers.values()]);
