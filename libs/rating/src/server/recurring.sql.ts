import { AppError, newId, startOfUtcDay } from '@trunkline/kernel';
import { CHARGES } from '@trunkline/ledger';
import { WATCHED, booking, monthOf, settleOrder } from '@trunkline/ledger/server';
import type { WatchedRow } from '@trunkline/ledger/server';
import { arrayLiteral, sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import type { SteppedUnits } from '../core/price-steps.ts';
import { planErrors } from './plan-of.ts';

/** What is ordered, to be paid by the month. */
export type NewRecurringItem = {
  readonly tenantId: string;
  readonly kind: 'channel' | 'number';
  readonly resourceId: string; // uuid of the trunk or number assignment
  readonly description: string;
  readonly quantity: number;
  /** When it was ordered, where that was before it begins: the price is that of then. */
  readonly pricedAt?: Date;
};

/** What one unit costs once, by the tenant's plan. */
export type SetupPrice = { readonly currency: string; readonly setupNanos: bigint };
type Price = SetupPrice & { readonly monthlyNanos: bigint };

/** What is paid at once for ordered units, in the same statement. */
export type OrderedSetup = {
  /** Names the order, so that it posts once. */
  readonly reference: string;
  /** What it is for happened already, whatever the balance: it is owed. */
  readonly isDone?: boolean;
};

const DAY_MS = 86_400_000;

// priced where it is written: one round trip, and no price can change in between
const OPENED = `price AS (
     SELECT p.currency, CASE $3 WHEN 'channel' THEN p.channel_monthly_nanos ELSE p.number_monthly_nanos END AS monthly,
       CASE $3 WHEN 'channel' THEN p.channel_setup_nanos ELSE p.number_setup_nanos END AS setup
     FROM plan_assignment a JOIN plan p ON p.id = a.plan_id WHERE a.tenant_id = $1 AND a."from" <= $7 ORDER BY a."from" DESC LIMIT 1
   ), opened AS (
     INSERT INTO recurring_item (tenant_id, id, kind, resource_id, description, quantity, unit_monthly_nanos, currency, "from")
     SELECT $1, $2, $3, $4, $5, $6::int, monthly, currency, $8 FROM price
   )`;
const PRICE = `currency, setup AS "setupNanos", monthly AS "monthlyNanos"`;
const insert = sql<Price>('recurring-open', `WITH ${OPENED} SELECT ${PRICE} FROM price`);
const SETUP = `SELECT $1::uuid, $9::uuid, $10, currency, $11::date, $12::timestamptz, $13, $6::int, 0, 'customer', $14, setup * $6::int FROM price WHERE setup > 0`;
const order = sql<Price & WatchedRow>('units-order', `WITH ${OPENED}, ${booking(SETUP)} SELECT ${PRICE}, w.* FROM price, ${WATCHED}`);
const insertStepped = sql(
  'recurring-open-stepped',
  `INSERT INTO recurring_item (tenant_id, id, kind, resource_id, description, quantity, unit_monthly_nanos, currency, "from")
   SELECT $1, id, 'channel', $2, $3, quantity, monthly, $4, $5 FROM unnest($6::uuid[], $7::int[], $8::bigint[]) AS s (id, quantity, monthly)`,
);
const close = sql(
  'recurring-close',
  `UPDATE recurring_item SET "to" = greatest("from", $3) WHERE tenant_id = $1 AND resource_id = $2 AND "to" IS NULL`,
);

/**
 * Starts a monthly charge with the day that holds `at` (UTC), at the price of the plan that the tenant has then, or had when it ordered.
 * @returns what a unit costs once, for the caller to post
 * @throws AppError plan.none_assigned
 */
export const openRecurring = async (tx: Tx, item: NewRecurringItem, at: Date): Promise<SetupPrice> => {
  const [price] = await tx.query(insert, ...columnsOf(item, at));
  return recorded(tx, item, price);
};

const columnsOf = ({ tenantId, kind, resourceId, description, quantity, pricedAt }: NewRecurringItem, at: Date): unknown[] => [
  ...[tenantId, newId(), kind, resourceId, description, quantity, pricedAt ?? at, startOfUtcDay(at)],
];

const recorded = (tx: Tx, { kind: unit, quantity }: NewRecurringItem, price: Price | undefined): Price => {
  if (!price) throw new AppError(planErrors.noneAssigned);
  const { currency, monthlyNanos } = price;
  tx.records.charges.push({ kind: 'monthly', unit, quantity, unitNanos: String(monthlyNanos), currency });
  return price;
};

/**
 * Orders units: charged by the month as `openRecurring` does, and what they cost once is posted with it.
 * @throws AppError plan.none_assigned, ledger.balance_too_low when the tenant pays beforehand and has not enough
 */
export const orderUnits = async (tx: Tx, item: NewRecurringItem, at: Date, { reference, isDone = false }: OrderedSetup): Promise<void> => {
  const { kind: unit, quantity } = item;
  const kind = `setup_${unit}` as const;
  const setup = [newId(), kind, monthOf({ month: at }), at, reference, CHARGES[kind]];
  const rows = await tx.query(order, ...columnsOf(item, at), ...setup);
  const { currency, setupNanos } = recorded(tx, item, rows[0]);
  if (setupNanos > 0n) tx.records.charges.push({ kind: 'setup', unit, quantity, unitNanos: String(setupNanos), currency });
  settleOrder(tx, rows, isDone);
};

/** Ends what a resource costs by the month. The day that holds `at` is still paid. */
export const closeRecurring = async (tx: Tx, tenantId: string, resourceId: string, at: Date): Promise<void> => {
  await tx.query(close, tenantId, resourceId, new Date(startOfUtcDay(at).getTime() + DAY_MS));
};

/** Ends the charge before the day that holds `at`, so that another can start with that day. */
export const replaceRecurring = async (tx: Tx, item: NewRecurringItem, at: Date): Promise<SetupPrice> => {
  await tx.query(close, item.tenantId, item.resourceId, startOfUtcDay(at));
  return openRecurring(tx, item, at);
};

/** What is paid by steps: so many of it at each price. None: nothing is paid from the day that holds `at` on. */
export type SteppedItem = Omit<NewRecurringItem, 'kind' | 'quantity'> & {
  readonly currency: string;
  readonly units: readonly SteppedUnits[];
};

/** As `replaceRecurring`, with prices of the caller's own. */
export const replaceStepped = async (tx: Tx, item: SteppedItem, at: Date): Promise<void> => {
  const { tenantId, resourceId, description, currency, units } = item;
  const day = startOfUtcDay(at);
  await tx.query(close, tenantId, resourceId, day);
  const [ids, quantities, monthly] = [units.map(newId), units.map((u) => u.quantity), units.map((u) => u.monthlyNanos)].map(arrayLiteral);
  if (units.length > 0) await tx.query(insertStepped, tenantId, resourceId, description, currency, day, ids, quantities, monthly);
  for (const { quantity, monthlyNanos } of units)
    tx.records.charges.push({ kind: 'monthly', unit: 'channel', quantity, unitNanos: String(monthlyNanos), currency });
};
