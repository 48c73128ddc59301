import type { SuppliedType } from '@trunkline/carriers/server';
import { notFound } from '@trunkline/kernel';
import type { E164, Position } from '@trunkline/kernel';
import { sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import type { FoundNumber, ItemState, OrderItem } from '../core/number-order.ts';

/** What numbers are to be like that nobody named, and how many. */
export type WantedNumbers = {
  readonly country: string;
  readonly type?: SuppliedType | undefined;
  readonly areaCode?: string | undefined;
  readonly startsWith?: string | undefined;
  readonly contains?: string | undefined;
  readonly rateCenter?: string | undefined;
  readonly lata?: string | undefined;
  readonly quantity: number;
};

/** An order without its items. */
export type OrderHead = {
  readonly id: string; // uuid
  readonly search: WantedNumbers | null; // null: the numbers are named
  readonly trunkId: string | null;
  readonly bundleId: string | null; // the papers that it is ordered with
  readonly externalReference: string | null;
  readonly tags: readonly string[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly completedAt: Date | null;
};

type ItemRow = Omit<OrderItem, 'reason' | 'found'> & {
  readonly code: string | null;
  readonly detail: string | null;
  readonly supplier: string | null;
  readonly country: string | null;
  readonly areaCode: string | null;
  readonly locality: string | null;
  readonly rateCenter: string | null;
  readonly lata: string | null;
  readonly type: string | null;
};

const HEAD = `SELECT id, search, trunk_id AS "trunkId", bundle_id AS "bundleId", external_reference AS "externalReference", tags, created_at AS "createdAt",
    updated_at AS "updatedAt", completed_at AS "completedAt" FROM number_order`;
const ITEM = `SELECT id, order_id AS "orderId", position, e164, state, code, detail, number_id AS "numberId", supplier, country, area_code AS "areaCode", locality, rate_center AS "rateCenter", lata, type,
    supplier_reference AS "supplierReference", supplier_order_id AS "supplierOrderId", sent_at AS "sentAt", attempts, refused, next_at AS "nextAt"
  FROM number_order_item`;

const insertHead = sql(
  'number-order-insert',
  `INSERT INTO number_order (tenant_id, id, search, trunk_id, bundle_id, external_reference, tags, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)`,
);
const insertItems = sql(
  'number-order-items-insert',
  `INSERT INTO number_order_item (tenant_id, id, order_id, position, e164, state, code, detail, number_id, next_at, updated_at)
   SELECT $1, i.id, $2, i.position, i.e164, i.state, i.code, i.detail, i.number_id, CASE WHEN i.open THEN $4::timestamptz END, $4
   FROM jsonb_to_recordset($3::jsonb) AS i (id uuid, position int, e164 text, state text, code text, detail text, number_id uuid, open boolean)`,
);
const saveOne = sql(
  'number-order-item-save',
  `UPDATE number_order_item SET e164 = $3, state = $4, code = $5, detail = $6, number_id = $7, supplier = $8, country = $9, area_code = $10, locality = $11, type = $12,
     supplier_reference = $13, supplier_order_id = $14, sent_at = $15, attempts = $16, refused = $17, next_at = $18, updated_at = $19, rate_center = $20, lata = $21
   WHERE tenant_id = $1 AND id = $2`,
);
const head = sql<OrderHead>('number-order', `${HEAD} WHERE tenant_id = $1 AND id = $2`);
const lockHead = sql<OrderHead>('number-order-lock', `${HEAD} WHERE tenant_id = $1 AND id = $2 FOR UPDATE`);
const heads = sql<OrderHead>(
  'number-order-list',
  `${HEAD} WHERE tenant_id = $1 AND (created_at, id) < ($2, $3) AND ($5::text IS NULL OR external_reference = $5) ORDER BY created_at DESC, id DESC LIMIT $4`,
);
const itemsOf = sql<ItemRow>(
  'number-order-items',
  `${ITEM} WHERE tenant_id = $1 AND order_id = ANY ($2::uuid[]) ORDER BY order_id, position`,
);
const item = sql<ItemRow>('number-order-item', `${ITEM} WHERE tenant_id = $1 AND id = $2`);
const lockOne = sql<ItemRow>('number-order-item-lock', `${ITEM} WHERE tenant_id = $1 AND id = $2 FOR UPDATE`);
const lockUnasked = sql<ItemRow>(
  'number-order-items-unasked',
  `${ITEM} WHERE tenant_id = $1 AND order_id = $2 AND state IN ('pending', 'waiting') ORDER BY position FOR UPDATE`,
);
const states = sql<{ state: ItemState }>(
  'number-order-states',
  `SELECT state FROM number_order_item WHERE tenant_id = $1 AND order_id = $2`,
);
const touch = sql('number-order-touch', `UPDATE number_order SET updated_at = $3, completed_at = $4 WHERE tenant_id = $1 AND id = $2`);
const setBundle = sql('number-order-bundle', `UPDATE number_order SET bundle_id = $3, updated_at = $4 WHERE tenant_id = $1 AND id = $2`);
const wake = sql<{ id: string }>(
  'number-order-items-wake',
  `UPDATE number_order_item i SET next_at = $3 FROM number_order o
   WHERE o.tenant_id = $1 AND o.bundle_id = $2 AND i.tenant_id = o.tenant_id AND i.order_id = o.id AND i.state = 'waiting' RETURNING i.id`,
);
const wakeOne = sql(
  'number-order-wake',
  `UPDATE number_order_item SET next_at = $3 WHERE tenant_id = $1 AND order_id = $2 AND state = 'waiting'`,
);
const wakeAsked = sql<{ id: string }>(
  'number-order-item-wake',
  `UPDATE number_order_item SET next_at = $3 WHERE supplier = $1 AND supplier_reference = $2 AND state = 'ordering' RETURNING id`,
);
const due = sql<{ tenantId: string; orderId: string; id: string }>(
  'number-order-items-due',
  `SELECT tenant_id AS "tenantId", order_id AS "orderId", id FROM number_order_item WHERE next_at <= $1 ORDER BY next_at LIMIT $2`,
);

const itemOf = ({ code, detail, supplier, country, areaCode, locality, rateCenter, lata, type, ...row }: ItemRow): OrderItem => ({
  ...row,
  reason: code === null ? null : { code, detail: detail ?? '' },
  found: foundIn(row.e164, { supplier, country, areaCode, locality, rateCenter, lata, type }),
});
type FoundIn = Pick<ItemRow, 'supplier' | 'country' | 'areaCode' | 'locality' | 'rateCenter' | 'lata' | 'type'>;
const foundIn = (e164: E164 | null, { supplier, country, areaCode, type, ...place }: FoundIn): FoundNumber | null => {
  if (e164 === null || supplier === null || country === null || areaCode === null || type === null) return null;
  return { e164, supplier, country, areaCode, ...place, type };
};

export const insertOrder = async (tx: Tx, tenantId: string, order: OrderHead, items: readonly OrderItem[]): Promise<void> => {
  const { id, search, trunkId, bundleId, externalReference, tags, createdAt } = order;
  await tx.query(insertHead, tenantId, id, search && JSON.stringify(search), trunkId, bundleId, externalReference, tags, createdAt);
  const rows = items.map(({ reason, numberId, nextAt, ...i }) => ({
    id: i.id,
    position: i.position,
    e164: i.e164,
    state: i.state,
    code: reason?.code,
    detail: reason?.detail,
    number_id: numberId,
    open: nextAt !== null,
  }));
  await tx.query(insertItems, tenantId, id, JSON.stringify(rows), createdAt);
};

export const saveItem = async (tx: Tx, tenantId: string, i: OrderItem, now: Date): Promise<void> => {
  const f = i.found;
  const found = [f?.supplier ?? null, f?.country ?? null, f?.areaCode ?? null, f?.locality ?? null, f?.type ?? null];
  const end = [i.reason?.code ?? null, i.reason?.detail ?? null, i.numberId];
  const asked = [i.supplierReference, i.supplierOrderId, i.sentAt, i.attempts, i.refused, i.nextAt];
  await tx.query(saveOne, tenantId, i.id, i.e164, i.state, ...end, ...found, ...asked, now, f?.rateCenter ?? null, f?.lata ?? null);
};

/** @throws AppError resource.not_found */
export const readOrder = async (tx: Tx, tenantId: string, id: string): Promise<OrderHead> => {
  const [found] = await tx.query(head, tenantId, id);
  if (!found) throw notFound();
  return found;
};

/** The order, locked until the transaction ends; its items are locked before it. @throws AppError resource.not_found */
export const lockOrder = async (tx: Tx, tenantId: string, id: string): Promise<OrderHead> => {
  const [found] = await tx.query(lockHead, tenantId, id);
  if (!found) throw notFound();
  return found;
};

/** Orders after a position, newest first. */
export const listOrders = (
  tx: Tx,
  tenantId: string,
  after: Position,
  limit: number,
  externalReference: string | undefined,
): Promise<OrderHead[]> => tx.query(heads, tenantId, after.createdAt, after.id, limit, externalReference);

/** The items of these orders, in their order. */
export const listItems = async (tx: Tx, tenantId: string, orderIds: readonly string[]): Promise<OrderItem[]> =>
  (await tx.query(itemsOf, tenantId, orderIds)).map(itemOf);

export const readItem = async (tx: Tx, tenantId: string, id: string): Promise<OrderItem> => {
  const [row] = await tx.query(item, tenantId, id);
  if (!row) throw notFound();
  return itemOf(row);
};

export const lockItem = async (tx: Tx, tenantId: string, id: string): Promise<OrderItem> => {
  const [row] = await tx.query(lockOne, tenantId, id);
  if (!row) throw notFound();
  return itemOf(row);
};

/** Those that nobody was asked for yet, locked until the transaction ends. */
export const lockUnaskedItems = async (tx: Tx, tenantId: string, orderId: string): Promise<OrderItem[]> =>
  (await tx.query(lockUnasked, tenantId, orderId)).map(itemOf);

export const itemStates = async (tx: Tx, tenantId: string, orderId: string): Promise<ItemState[]> =>
  (await tx.query(states, tenantId, orderId)).map(({ state }) => state);

export const touchOrder = async (tx: Tx, tenantId: string, orderId: string, now: Date, completedAt: Date | null): Promise<void> => {
  await tx.query(touch, tenantId, orderId, now, completedAt);
};

export const setOrderBundle = async (tx: Tx, tenantId: string, orderId: string, bundleId: string | null, now: Date): Promise<void> => {
  await tx.query(setBundle, tenantId, orderId, bundleId, now);
};

/** Has those looked at now that wait, of the orders with these papers. @returns how many */
export const wakeItems = async (tx: Tx, tenantId: string, bundleId: string, now: Date): Promise<number> =>
  (await tx.query(wake, tenantId, bundleId, now)).length;

/** The same of one order. */
export const wakeOrder = async (tx: Tx, tenantId: string, orderId: string, now: Date): Promise<void> => {
  await tx.query(wakeOne, tenantId, orderId, now);
};

/** The same of what a supplier was asked under a reference. @returns whether anything waits for it */
export const wakeAskedItem = async (tx: Tx, supplier: string, reference: string, now: Date): Promise<boolean> =>
  (await tx.query(wakeAsked, supplier, reference, now)).length > 0;

/** Whose turn has come, of all tenants. */
export const dueItems = (tx: Tx, now: Date, limit: number): Promise<{ tenantId: string; orderId: string; id: string }[]> =>
  tx.query(due, now, limit);
