import type { E164 } from '@trunkline/kernel';
import { sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import type { InventoryState } from '../core/lifecycle.ts';
import type { NumberFilters } from '../core/number-search.ts';
import type { InventoryRow } from './inventory.sql.ts';

export type InventoryFilters = NumberFilters & { readonly state?: InventoryState | undefined };

// $1 is now, everywhere: quarantines and reservations end by the clock
const OVER = `((state = 'quarantined' AND quarantined_until <= $1) OR (state = 'reserved' AND reserved_until <= $1))`;
const STATE = `CASE WHEN ${OVER} THEN 'available' ELSE state END`;
// written as the partial indexes of what is for sale can be used
const FOR_SALE = `state IN ('available', 'reserved', 'quarantined')`;
const AVAILABLE = `${FOR_SALE} AND (state = 'available' OR ${OVER})`;
const COLUMNS = `e164, country, area_code AS "areaCode", region, locality, rate_center AS "rateCenter", lata, type, features, carrier_id AS "carrierId", ${STATE} AS state,
  CASE WHEN quarantined_until > $1 THEN quarantined_until END AS "quarantinedUntil",
  CASE WHEN reserved_until > $1 THEN reserved_until END AS "reservedUntil", created_at AS "createdAt"`;

// Three digits are in one number of a hundred: soonest found by reading in order until there are enough. The planner, which takes them for rare, would
// gather thousands by their trigram; of `position` it knows no index.
const FEW_DIGITS = /^\d{1,3}$/;

const CLAUSES: { readonly [K in keyof Required<InventoryFilters>]: (p: string, value: unknown) => string } = {
  state: (p) => `${STATE} = ${p}`,
  country: (p) => `country = ${p}`,
  type: (p) => `type = ${p}`,
  features: (p) => `features @> ${p}::text[]`,
  areaCode: (p) => `area_code = ${p}`,
  region: (p) => `lower(region) = lower(${p}::text)`,
  locality: (p) => `lower(locality) = lower(${p}::text)`,
  rateCenter: (p) => `lower(rate_center) = lower(${p}::text)`,
  lata: (p) => `lata = ${p}`,
  startsWith: (p) => `e164 ~>=~ ${p}::text AND e164 ~<~ (${p}::text || ':')`, // ':' follows '9'
  endsWith: (p) => `reverse(e164) LIKE reverse(${p}::text) || '%'`,
  contains: (p, digits) =>
    FEW_DIGITS.test(String(digits)) ? `position(${p}::text IN e164) > 0` : `e164 LIKE '%' || translate(${p}::text, '*', '_') || '%'`,
};
const KEYS = Object.keys(CLAUSES) as (keyof InventoryFilters)[];

type Asked = { readonly clauses: string[]; readonly values: unknown[] };

/** The clauses of the filters that are set, with parameters from $`first` on. What a tenant may order is asked for by its own words. */
const asked = (filters: InventoryFilters, first: number): Asked => {
  const keys = KEYS.filter((key) => filters[key] !== undefined && !(key === 'state' && filters.state === 'available'));
  const clauses = keys.map((key, i) => CLAUSES[key](`$${first + i}`, filters[key]));
  return { clauses: filters.state === 'available' ? [AVAILABLE, ...clauses] : clauses, values: keys.map((key) => filters[key]) };
};

// Without a name: a statement that is planned anew, by the values. "Contains 777" is best read in order until there are enough, "contains 7771234"
// by the index of digits, and a plan for any value would choose one of them for both. Compared by bytes (~>~), as the prefix index is.
const UNNAMED = '';

// Named where it is given: `lower` might tell what it sees, so behind row-level security the planner does not hold a given city for one and the same,
// and would read all of it to sort it, though the index has its numbers in order.
const orderOf = ({ locality, rateCenter }: InventoryFilters): string => {
  if (locality !== undefined) return 'lower(locality), e164 USING ~<~';
  return rateCenter !== undefined ? 'lower(rate_center), e164 USING ~<~' : 'e164 USING ~<~';
};

// Four digits in a row are in one number of a thousand or fewer: soonest gathered by the index of digits and sorted (OFFSET). The planner would
// rather read all that is for sale in its order until there are enough, and for five digits never finds them: 80 ms of a million numbers.
const RARE_DIGITS = /\d{4}/;

const first = (columns: string, clauses: readonly string[], order: string, filters: InventoryFilters): string => {
  const found = `FROM number_inventory WHERE ${clauses.join(' AND ')}`;
  const from = RARE_DIGITS.test(filters.contains ?? '') ? `FROM (SELECT * ${found} OFFSET 0) AS found` : found;
  return `SELECT ${columns} ${from} ORDER BY ${order} LIMIT $3`;
};

/** Numbers behind a position, in their order. */
export const searchInventory = (tx: Tx, filters: InventoryFilters, now: Date, after: string, limit: number): Promise<InventoryRow[]> => {
  const { clauses, values } = asked(filters, 4);
  const where = ['e164 ~>~ $2', ...clauses];
  const order = orderOf(filters);
  // by its end or digits within, a number is one of many that are passed over: those cost no page of the table where the index of what is for sale covers the filters
  const isPickedOut = filters.endsWith !== undefined || filters.contains !== undefined;
  const text = isPickedOut
    ? `WITH page AS MATERIALIZED (${first('e164', where, order, filters)}) SELECT ${COLUMNS} FROM page JOIN number_inventory USING (e164) ORDER BY e164 USING ~<~`
    : first(COLUMNS, where, order, filters);
  return tx.query(sql<InventoryRow>(UNNAMED, text), now, after, limit, ...values);
};

/** The first that can be had, locked until the transaction ends. Whoever claims at the same time gets others: nobody waits for a number that is about to be taken. */
export const claimInventory = async (tx: Tx, filters: NumberFilters, now: Date, limit: number): Promise<E164[]> => {
  const { clauses, values } = asked({ ...filters, state: 'available' }, 3);
  const text = `SELECT e164 FROM number_inventory WHERE ${clauses.join(' AND ')} ORDER BY ${orderOf(filters)} LIMIT $2 FOR UPDATE SKIP LOCKED`;
  return (await tx.query(sql<{ e164: E164 }>(UNNAMED, text), now, limit, ...values)).map(({ e164 }) => e164);
};

/** Blocks looked through for one page, which is what a search may cost however few of them have what is looked for. */
const BLOCKS_MAX = 40;

const blocksOf = ({ country, areaCode, startsWith }: InventoryFilters, first: number): Asked => {
  const given = [
    [country, (p: string) => `country = ${p}`],
    [areaCode, (p: string) => `area_code = ${p}`],
    // a block begins with the prefix, or the prefix leads into the block
    [startsWith, (p: string) => `((prefix ~>=~ ${p}::text AND prefix ~<~ (${p}::text || ':')) OR ${p}::text LIKE prefix || '%')`],
  ] as const;
  const set = given.filter(([value]) => value !== undefined);
  return { clauses: set.map(([, clause], i) => clause(`$${first + i}`)), values: set.map(([value]) => value) };
};

/** Blocks from one on that once had a run as long. `run_max > 1` is what the index of blocks with runs says. */
const candidates = async (tx: Tx, filters: InventoryFilters, count: number, from: string): Promise<string[]> => {
  const { clauses, values } = blocksOf(filters, 4);
  const where = ['run_max > 1', 'run_max >= $1', 'prefix ~>=~ $2', ...clauses].join(' AND ');
  const text = `SELECT prefix FROM number_block WHERE ${where} ORDER BY prefix USING ~<~ LIMIT $3`;
  return (await tx.query(sql<{ prefix: string }>(UNNAMED, text), count, from, BLOCKS_MAX + 1, ...values)).map(({ prefix }) => prefix);
};

// An island: numbers whose distance from their place in the block is the same. Block by block until there are enough runs; only then the rows are
// read, by their numbers (OFFSET keeps the planner from joining them all), for until there the index of what is for sale suffices.
const runsIn = (clauses: readonly string[], block: string): string =>
  `WITH runs AS (
     SELECT b.place, r.first, r.length FROM unnest($2::text[]) WITH ORDINALITY AS b (prefix, place) CROSS JOIN LATERAL (
       SELECT min(number) AS first, count(*) AS length FROM (
         SELECT substr(e164, 2)::bigint AS number, substr(e164, 2)::bigint - row_number() OVER (ORDER BY e164 USING ~<~) AS island FROM (
           SELECT * FROM number_inventory WHERE e164 ~>=~ b.prefix AND e164 ~<~ (b.prefix || ':') ${block}
         ) AS block WHERE length(e164) = length(b.prefix) + 3 AND ${clauses.join(' AND ')}
       ) AS numbered GROUP BY island HAVING count(*) >= $3::int
     ) AS r ORDER BY b.place, r.first LIMIT $4::int / $3::int
   )
   SELECT n.* FROM runs CROSS JOIN LATERAL generate_series(first, first + least(length / $3::int * $3::int, $4::int) - 1) AS at CROSS JOIN LATERAL (
     SELECT ${COLUMNS} FROM number_inventory WHERE e164 = '+' || at OFFSET 0
   ) AS n ORDER BY place, at LIMIT $4`;

const COVERED: readonly string[] = ['state', 'country', 'areaCode', 'type', 'startsWith', 'endsWith', 'contains'];
/** Keeps the planner from reading a block by the index of its area, which would take it to the table for each of a thousand numbers, where the index of what is for sale covers all that is asked. */
const blockFor = (filters: InventoryFilters): string => {
  const isCovered = KEYS.every((key) => filters[key] === undefined || COVERED.includes(key));
  return filters.state === 'available' && isCovered ? `AND ${FOR_SALE} OFFSET 0` : '';
};

/** A page of runs. `lastBlock`: where to go on, when the page is not full and there are more blocks. */
export type Runs = { readonly rows: InventoryRow[]; readonly lastBlock: string | undefined };

/** Numbers behind a position in runs of `count` without a gap, each run within one block. `limit` is a multiple of `count`. */
export const searchRuns = async (
  tx: Tx,
  filters: InventoryFilters,
  count: number,
  now: Date,
  after: string,
  limit: number,
): Promise<Runs> => {
  const begun = after.slice(0, -3);
  const blocks = await candidates(tx, filters, count, begun);
  const looked = blocks.slice(0, BLOCKS_MAX);
  const { clauses, values } = asked(filters, 7);
  const statement = sql<InventoryRow>(UNNAMED, runsIn(['(b.prefix <> $5::text OR e164 ~>~ $6)', ...clauses], blockFor(filters)));
  const rows = looked.length > 0 ? await tx.query(statement, now, looked, count, limit, begun, after, ...values) : [];
  return { rows, lastBlock: blocks.length > BLOCKS_MAX ? looked.at(-1) : undefined };
};
