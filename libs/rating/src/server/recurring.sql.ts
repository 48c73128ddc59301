import { newId, startOfUtcDay } from '@trunkline/kernel';
import { sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';

export type NewRecurringItem = {
  readonly tenantId: string;
  readonly kind: 'channel' | 'number';
  readonly resourceId: string; // uuid of the trunk or number assignment
  readonly description: string;
  readonly quantity: number;
  readonly unitMonthlyNanos: bigint;
  readonly currency: string;
};

const DAY_MS = 86_400_000;

const insert = sql(
  'recurring-open',
  `INSERT INTO recurring_item (tenant_id, id, kind, resource_id, description, quantity, unit_monthly_nanos, currency, "from") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
);
const close = sql(
  'recurring-close',
  `UPDATE recurring_item SET "to" = greatest("from", $3) WHERE tenant_id = $1 AND resource_id = $2 AND "to" IS NULL`,
);

/** Starts a monthly charge with the day that holds `at` (UTC). */
export const openRecurring = async (tx: Tx, item: NewRecurringItem, at: Date): Promise<void> => {
  await tx.query(
    insert,
    item.tenantId,
    newId(),
    item.kind,
    item.resourceId,
    item.description,
    item.quantity,
    item.unitMonthlyNanos,
    item.currency,
    startOfUtcDay(at),
  );
};

/** Ends what a resource costs by the month. The day that holds `at` is still paid. */
export const closeRecurring = async (tx: Tx, tenantId: string, resourceId: string, at: Date): Promise<void> => {
  await tx.query(close, tenantId, resourceId, new Date(startOfUtcDay(at).getTime() + DAY_MS));
};

/** Ends the charge before the day that holds `at`, so that another can start with that day. */
export const replaceRecurring = async (tx: Tx, item: NewRecurringItem, at: Date): Promise<void> => {
  await tx.query(close, item.tenantId, item.resourceId, startOfUtcDay(at));
  await openRecurring(tx, item, at);
};
