import { newId } from '@trunkline/kernel';
import { arrayLiteral, sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import type { Account } from '../core/chart-of-accounts.ts';
import { charge } from '../core/posting.ts';
import type { Posting } from '../core/posting.ts';

/** The account whose balance is kept up to date: what the tenant owes, debit positive. */
const CUSTOMER: Account = 'customer';

// One statement, so that a lone posting costs one round trip. Balances are locked in the order of the tenant, whoever posts: two batches
// may wait for each other, never in a circle.
const book = sql<{ booked: number }>(
  'posting-book',
  `WITH fresh AS (
     INSERT INTO posting (tenant_id, id, kind, currency, month, posted_at, reference, count, seconds, debit, credit, amount_nanos)
     SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::date[], $6::timestamptz[], $7::text[], $8::int[], $9::bigint[], $10::text[], $11::text[], $12::bigint[])
     ON CONFLICT (tenant_id, kind, reference) DO NOTHING RETURNING tenant_id, currency, debit, credit, amount_nanos
   ), balances AS (
     INSERT INTO balance (tenant_id, currency, amount_nanos)
     SELECT tenant_id, currency, sum(CASE WHEN debit = '${CUSTOMER}' THEN amount_nanos ELSE -amount_nanos END) FROM fresh
     WHERE '${CUSTOMER}' IN (debit, credit) GROUP BY 1, 2 ORDER BY 1, 2
     ON CONFLICT (tenant_id, currency) DO UPDATE SET amount_nanos = balance.amount_nanos + excluded.amount_nanos
   )
   SELECT count(*)::int AS booked FROM fresh`,
);

/**
 * Books postings and moves the customers' balances, in the caller's transaction. What was booked before, by its reference, is skipped.
 * @returns how many were booked now
 */
export const post = async (tx: Tx, postings: readonly Posting[]): Promise<number> => {
  if (postings.length === 0) return 0;
  const column = (key: keyof Posting) => arrayLiteral(postings.map((p) => p[key]));
  const [row] = await tx.query(
    book,
    column('tenantId'),
    arrayLiteral(postings.map(newId)),
    column('kind'),
    column('currency'),
    arrayLiteral(postings.map((p) => `${p.month.toISOString().slice(0, 7)}-01`)),
    column('postedAt'),
    column('reference'),
    column('count'),
    column('seconds'),
    column('debit'),
    column('credit'),
    column('amountNanos'),
  );
  return row?.booked ?? 0;
};

/** What ordering units costs once. `reference` names the order. */
export type SetupFee = {
  readonly tenantId: string;
  readonly currency: string;
  readonly unit: 'channel' | 'number';
  readonly quantity: number;
  readonly amountNanos: bigint; // for all of them
  readonly reference: string;
  readonly at: Date;
};

/** Books a one-time fee, owed from now. A fee of zero books nothing. */
export const postSetup = async (tx: Tx, { unit, quantity, amountNanos, at, ...fee }: SetupFee): Promise<void> => {
  if (amountNanos === 0n) return;
  await post(tx, [charge(`setup_${unit}`, { ...fee, month: at, postedAt: at }, amountNanos, { count: quantity, seconds: 0 })]);
};
