import { newId } from '@trunkline/kernel';
import { sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import type { Account } from '../core/chart-of-accounts.ts';
import { charge } from '../core/posting.ts';
import type { Posting } from '../core/posting.ts';

/** The account whose balance is kept up to date: what the tenant owes, debit positive. */
const CUSTOMER: Account = 'customer';

const insertPostings = sql<{ id: string }>(
  'posting-insert',
  `INSERT INTO posting (tenant_id, id, kind, currency, month, posted_at, reference, count, seconds)
   SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::date[], $6::timestamptz[], $7::text[], $8::int[], $9::bigint[])
   ON CONFLICT (tenant_id, kind, reference) DO NOTHING RETURNING id`,
);
// one statement for all lines: the balance check looks at each statement's postings as a whole
const insertLines = sql(
  'posting-line-insert',
  `INSERT INTO posting_line (tenant_id, posting_id, account, amount_nanos) SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::bigint[])`,
);
// rows are locked in the order of the tenant, whoever posts: two batches can wait for each other but not in a circle
const addToBalances = sql(
  'balance-add',
  `INSERT INTO balance (tenant_id, currency, amount_nanos)
   SELECT t, c, sum(n) FROM unnest($1::uuid[], $2::text[], $3::bigint[]) AS u(t, c, n) GROUP BY t, c ORDER BY t, c
   ON CONFLICT (tenant_id, currency) DO UPDATE SET amount_nanos = balance.amount_nanos + excluded.amount_nanos`,
);

/** Books postings and moves the customers' balances, in the caller's transaction. What was booked before, by its reference, is skipped. */
export const post = async (tx: Tx, postings: readonly Posting[]): Promise<number> => {
  const all = postings.map((p) => ({ ...p, id: newId() }));
  if (all.length === 0) return 0;
  const column = <K extends keyof (typeof all)[number]>(key: K) => all.map((p) => p[key]);
  const months = all.map((p) => `${p.month.toISOString().slice(0, 7)}-01`);
  const inserted = await tx.query(
    insertPostings,
    column('tenantId'),
    column('id'),
    column('kind'),
    column('currency'),
    months,
    column('postedAt'),
    column('reference'),
    column('count'),
    column('seconds'),
  );
  const fresh = new Set(inserted.map((r) => r.id));
  const lines = all.filter((p) => fresh.has(p.id)).flatMap((p) => p.lines.map((l) => ({ ...l, posting: p })));
  if (lines.length === 0) return 0;
  await tx.query(
    insertLines,
    lines.map((l) => l.posting.tenantId),
    lines.map((l) => l.posting.id),
    lines.map((l) => l.account),
    lines.map((l) => l.amountNanos),
  );
  const owed = lines.filter((l) => l.account === CUSTOMER);
  if (owed.length > 0)
    await tx.query(
      addToBalances,
      owed.map((l) => l.posting.tenantId),
      owed.map((l) => l.posting.currency),
      owed.map((l) => l.amountNanos),
    );
  return fresh.size;
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
