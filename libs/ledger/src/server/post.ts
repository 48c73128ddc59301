import { AppError, newId } from '@trunkline/kernel';
import { arrayLiteral, publish, sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import type { Account } from '../core/chart-of-accounts.ts';
import { ledgerErrors } from '../core/errors.ts';
import { charge } from '../core/posting.ts';
import type { Posting } from '../core/posting.ts';
import { comesLow, overdraws } from '../core/watched-move.ts';
import type { WatchedMove } from '../core/watched-move.ts';

/** The account whose balance is kept up to date: what the tenant owes, debit positive. */
const CUSTOMER: Account = 'customer';

/**
 * The parts of a statement that book what the query `source` gives (the columns of a posting) and move the balances; with `WATCHED` beside
 * them it tells which watched balances moved. Balances are locked in the order of the tenant, whoever posts: two batches may wait for each other, never in
 * a circle. For an order that is priced and booked in one statement.
 */
export const booking = (source: string): string =>
  `fresh AS (
     INSERT INTO posting (tenant_id, id, kind, currency, month, posted_at, reference, count, seconds, debit, credit, amount_nanos)
     ${source}
     ON CONFLICT (tenant_id, kind, reference) DO NOTHING RETURNING tenant_id, currency, debit, credit, amount_nanos
   ), moves AS (
     SELECT tenant_id, currency, sum(CASE WHEN debit = '${CUSTOMER}' THEN amount_nanos ELSE -amount_nanos END)::bigint AS nanos FROM fresh
     WHERE '${CUSTOMER}' IN (debit, credit) GROUP BY 1, 2
   ), balances AS (
     INSERT INTO balance (tenant_id, currency, amount_nanos) SELECT tenant_id, currency, nanos FROM moves ORDER BY 1, 2
     ON CONFLICT (tenant_id, currency) DO UPDATE SET amount_nanos = balance.amount_nanos + excluded.amount_nanos
     RETURNING tenant_id, currency, amount_nanos, watch_nanos
   )`;
/** One row for each watched balance that moved, or one without any. */
export const WATCHED = `(SELECT) AS one LEFT JOIN (
     SELECT b.tenant_id AS "tenantId", b.amount_nanos - m.nanos AS before, b.amount_nanos AS after, b.watch_nanos AS mark
     FROM balances b JOIN moves m USING (tenant_id, currency) WHERE b.watch_nanos IS NOT NULL
   ) AS w ON true`;
export type WatchedRow = WatchedMove | { readonly tenantId: null };

const POSTINGS = `SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::date[], $6::timestamptz[], $7::text[], $8::int[], $9::bigint[], $10::text[], $11::text[], $12::bigint[])`;
const book = sql<WatchedRow & { booked: number }>(
  'posting-book',
  `WITH ${booking(POSTINGS)} SELECT (SELECT count(*)::int FROM fresh) AS booked, w.* FROM ${WATCHED}`,
);
const watch = sql(
  'balance-watch',
  `INSERT INTO balance (tenant_id, currency, amount_nanos, watch_nanos) VALUES ($1, $2, 0, $3) ON CONFLICT (tenant_id, currency) DO UPDATE SET watch_nanos = excluded.watch_nanos`,
);

/** Says that a watched balance has come down to its mark, or is used up. */
export const BALANCE_LOW = 'balance.low';

/**
 * Books postings and moves the customers' balances, in the caller's transaction. What was booked before, by its reference, is skipped.
 * @returns how many were booked now
 */
export const post = async (tx: Tx, postings: readonly Posting[]): Promise<number> => {
  const rows = await bookAll(tx, postings);
  tellLow(tx, rows);
  return rows[0]?.booked ?? 0;
};

const bookAll = async (tx: Tx, postings: readonly Posting[]) => {
  if (postings.length === 0) return [];
  const column = (key: keyof Posting) => arrayLiteral(postings.map((p) => p[key]));
  return tx.query(
    book,
    column('tenantId'),
    arrayLiteral(postings.map(newId)),
    column('kind'),
    column('currency'),
    arrayLiteral(postings.map(monthOf)),
    column('postedAt'),
    column('reference'),
    column('count'),
    column('seconds'),
    column('debit'),
    column('credit'),
    column('amountNanos'),
  );
};

/** The month of a posting as the database has it: its first day (UTC). */
export const monthOf = ({ month }: Pick<Posting, 'month'>): string => `${month.toISOString().slice(0, 7)}-01`;

const isMove = (row: WatchedRow): row is WatchedMove => row.tenantId !== null;

const tellLow = (tx: Tx, rows: readonly WatchedRow[]): void => {
  for (const { tenantId } of rows.filter(isMove).filter(comesLow)) publish(tx, { type: BALANCE_LOW, tenantId, data: { tenantId } });
};

/**
 * What follows from an order's postings.
 * @param isDone what it is for happened already, whatever the balance: it is owed
 * @throws AppError ledger.balance_too_low when the tenant pays beforehand and has not enough
 */
export const settleOrder = (tx: Tx, rows: readonly WatchedRow[], isDone = false): void => {
  tellLow(tx, rows);
  if (!isDone && rows.filter(isMove).some(overdraws)) throw new AppError(ledgerErrors.balanceTooLow);
};

/** Has the tenant's balance watched: `owedNanos` is the mark, negative while there must be some left; null watches no more. */
export const watchBalance = async (tx: Tx, tenantId: string, currency: string, owedNanos: bigint | null): Promise<void> => {
  await tx.query(watch, tenantId, currency, owedNanos);
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

/**
 * Books a one-time fee, owed from now. A fee of zero books nothing.
 * @throws AppError ledger.balance_too_low when the tenant pays beforehand and has not enough
 */
export const postSetup = async (tx: Tx, { unit, quantity, amountNanos, at, ...fee }: SetupFee): Promise<void> => {
  if (amountNanos === 0n) return;
  tx.records.charges.push({ kind: 'setup', unit, quantity, unitNanos: String(amountNanos / BigInt(quantity)), currency: fee.currency });
  const posting = charge(`setup_${unit}`, { ...fee, month: at, postedAt: at }, amountNanos, { count: quantity, seconds: 0 });
  settleOrder(tx, await bookAll(tx, [posting]));
};
