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

// One statement, so that a lone posting costs one round trip. Balances are locked in the order of the tenant, whoever posts: two batches
// may wait for each other, never in a circle.
const book = sql<BookedRow>(
  'posting-book',
  `WITH fresh AS (
     INSERT INTO posting (tenant_id, id, kind, currency, month, posted_at, reference, count, seconds, debit, credit, amount_nanos)
     SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::date[], $6::timestamptz[], $7::text[], $8::int[], $9::bigint[], $10::text[], $11::text[], $12::bigint[])
     ON CONFLICT (tenant_id, kind, reference) DO NOTHING RETURNING tenant_id, currency, debit, credit, amount_nanos
   ), moves AS (
     SELECT tenant_id, currency, sum(CASE WHEN debit = '${CUSTOMER}' THEN amount_nanos ELSE -amount_nanos END)::bigint AS nanos FROM fresh
     WHERE '${CUSTOMER}' IN (debit, credit) GROUP BY 1, 2
   ), balances AS (
     INSERT INTO balance (tenant_id, currency, amount_nanos) SELECT tenant_id, currency, nanos FROM moves ORDER BY 1, 2
     ON CONFLICT (tenant_id, currency) DO UPDATE SET amount_nanos = balance.amount_nanos + excluded.amount_nanos
     RETURNING tenant_id, currency, amount_nanos, watch_nanos
   )
   SELECT (SELECT count(*)::int FROM fresh) AS booked, w.* FROM (SELECT) AS one LEFT JOIN (
     SELECT b.tenant_id AS "tenantId", b.amount_nanos - m.nanos AS before, b.amount_nanos AS after, b.watch_nanos AS mark
     FROM balances b JOIN moves m USING (tenant_id, currency) WHERE b.watch_nanos IS NOT NULL
   ) AS w ON true`,
);
/** One for each watched balance that moved, or one without any: how many postings were booked is in all of them. */
type BookedRow = { booked: number } & (WatchedMove | { tenantId: null });
type Booked = { booked: number; watched: WatchedMove[] };
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
export const post = async (tx: Tx, postings: readonly Posting[]): Promise<number> => (await bookAll(tx, postings)).booked;

const bookAll = async (tx: Tx, postings: readonly Posting[]): Promise<Booked> => {
  if (postings.length === 0) return { booked: 0, watched: [] };
  const column = (key: keyof Posting) => arrayLiteral(postings.map((p) => p[key]));
  const rows = await tx.query(
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
  const [first] = rows;
  if (!first) throw new Error('the books did not answer');
  const watched = rows.filter((row): row is WatchedMove & { booked: number } => row.tenantId !== null);
  for (const { tenantId } of watched.filter(comesLow)) publish(tx, { type: BALANCE_LOW, tenantId, data: { tenantId } });
  return { booked: first.booked, watched };
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
  /** What it is for happened already, whatever the balance: it is owed. */
  readonly isDone?: boolean;
};

/**
 * Books a one-time fee, owed from now. A fee of zero books nothing.
 * @throws AppError ledger.balance_too_low when the tenant pays beforehand and has not enough
 */
export const postSetup = async (tx: Tx, { unit, quantity, amountNanos, at, isDone = false, ...fee }: SetupFee): Promise<void> => {
  if (amountNanos === 0n) return;
  tx.records.charges.push({ kind: 'setup', unit, quantity, unitNanos: String(amountNanos / BigInt(quantity)), currency: fee.currency });
  const posting = charge(`setup_${unit}`, { ...fee, month: at, postedAt: at }, amountNanos, { count: quantity, seconds: 0 });
  const { watched } = await bookAll(tx, [posting]);
  if (!isDone && watched.some(overdraws)) throw new AppError(ledgerErrors.balanceTooLow);
};
