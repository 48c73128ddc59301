import type { E164 } from '@trunkline/kernel';
import { sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import type { InventoryState } from '../core/lifecycle.ts';
import type { InventoryNumber } from '../core/number-row.ts';

export type InventoryRow = InventoryNumber & {
  readonly state: InventoryState;
  readonly quarantinedUntil: Date | null;
  readonly createdAt: Date;
};

/** What to look for. `startsWith` is the beginning of an E.164 number with its +, `contains` digits anywhere in it. */
export type InventoryFilters = {
  readonly state?: InventoryState | undefined;
  readonly country?: string | undefined;
  readonly areaCode?: string | undefined;
  readonly startsWith?: string | undefined;
  readonly contains?: string | undefined;
};

// $1 is now, everywhere: a quarantine ends by the clock
const STATE = `CASE WHEN state = 'quarantined' AND quarantined_until <= $1 THEN 'available' ELSE state END`;
const CLAUSES: { readonly [K in keyof Required<InventoryFilters>]: (p: string) => string } = {
  state: (p) => `${STATE} = ${p}`,
  country: (p) => `country = ${p}`,
  areaCode: (p) => `area_code = ${p}`,
  startsWith: (p) => `e164 ~>=~ ${p}::text AND e164 ~<~ (${p}::text || ':')`, // ':' follows '9'
  contains: (p) => `position(${p}::text in e164) > 0`,
};
const KEYS = Object.keys(CLAUSES) as (keyof InventoryFilters)[];

// a statement per set of filters: each gets the plan that its filters deserve. Compared by bytes (~>~), as the prefix index is
const searchFor = (keys: readonly (keyof InventoryFilters)[]) =>
  sql<InventoryRow>(
    `inventory-search:${keys.join('+')}`,
    `SELECT e164, country, area_code AS "areaCode", locality, type, carrier_id AS "carrierId", ${STATE} AS state,
       CASE WHEN quarantined_until > $1 THEN quarantined_until END AS "quarantinedUntil", created_at AS "createdAt"
     FROM number_inventory WHERE ${['e164 ~>~ $2', ...keys.map((key, i) => CLAUSES[key](`$${i + 4}`))].join(' AND ')}
     ORDER BY e164 USING ~<~ LIMIT $3`,
  );

/** Numbers behind a position, in their order. */
export const searchInventory = (tx: Tx, filters: InventoryFilters, now: Date, after: string, limit: number): Promise<InventoryRow[]> => {
  const keys = KEYS.filter((key) => filters[key] !== undefined);
  return tx.query(searchFor(keys), now, after, limit, ...keys.map((key) => filters[key]));
};

const insert = sql<{ e164: string }>(
  'inventory-insert',
  `INSERT INTO number_inventory (e164, country, area_code, locality, type, carrier_id, state, created_at)
   SELECT u.*, 'available', $7 FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::uuid[]) AS u
   ON CONFLICT (e164) DO NOTHING RETURNING e164`,
);

/** Adds numbers that are not there yet. @returns how many those were */
export const insertNumbers = async (tx: Tx, numbers: readonly InventoryNumber[], now: Date): Promise<number> => {
  const column = <K extends keyof InventoryNumber>(key: K) => numbers.map((n) => n[key]);
  const rows = await tx.query(
    insert,
    column('e164'),
    column('country'),
    column('areaCode'),
    column('locality'),
    column('type'),
    column('carrierId'),
    now,
  );
  return rows.length;
};

// the guard decides between buyers: whoever waited for the row finds it assigned
const take = sql<{ e164: E164; country: string }>(
  'inventory-take',
  `UPDATE number_inventory SET state = 'assigned', quarantined_until = NULL
   WHERE e164 = $1 AND (state = 'available' OR (state = 'quarantined' AND quarantined_until <= $2)) RETURNING e164, country`,
);
const rest = sql<{ e164: E164 }>(
  'inventory-quarantine',
  `UPDATE number_inventory SET state = 'quarantined', quarantined_until = $2 WHERE e164 = $1 AND state = 'assigned' RETURNING e164`,
);
const sweep = sql<{ e164: E164 }>(
  'inventory-sweep',
  `UPDATE number_inventory SET state = 'available', quarantined_until = NULL WHERE state = 'quarantined' AND quarantined_until <= $1 RETURNING e164`,
);

/** Takes a number out of the inventory; undefined when it is not there to be had. */
export const takeNumber = async (tx: Tx, e164: E164, now: Date): Promise<{ e164: E164; country: string } | undefined> =>
  (await tx.query(take, e164, now))[0];

/** Puts an assigned number into quarantine. */
export const quarantineNumber = async (tx: Tx, e164: E164, until: Date): Promise<void> => {
  if ((await tx.query(rest, e164, until)).length === 0) throw new Error(`${e164} is held by a tenant but not assigned in the inventory`);
};

/** @returns how many quarantines were over */
export const sweepQuarantined = async (tx: Tx, now: Date): Promise<number> => (await tx.query(sweep, now)).length;
