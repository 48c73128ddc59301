import type { E164 } from '@trunkline/kernel';
import { sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { LIFECYCLE } from '../core/lifecycle.ts';
import type { InventoryState, NumberEvent } from '../core/lifecycle.ts';
import type { InventoryNumber } from '../core/number-row.ts';
import type { TakenNumber } from '../core/number.ts';

export type InventoryRow = InventoryNumber & {
  readonly state: InventoryState;
  readonly quarantinedUntil: Date | null;
  readonly reservedUntil: Date | null;
  readonly createdAt: Date;
};

const insert = sql<{ count: number }>(
  'inventory-insert',
  `WITH added AS (
     INSERT INTO number_inventory (e164, country, area_code, region, locality, type, carrier_id, features, rate_center, lata, state, created_at)
     SELECT e164, country, area_code, region, locality, type, carrier_id, string_to_array(features, ' '), rate_center, lata, 'available', $9
     FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::uuid[], $8::text[], $10::text[], $11::text[])
       AS u (e164, country, area_code, region, locality, type, carrier_id, features, rate_center, lata)
     ON CONFLICT (e164) DO NOTHING RETURNING 1
   ) SELECT count(*)::int AS count FROM added`,
);
const known = sql<{ count: number }>('inventory-known', `SELECT count(*)::int AS count FROM number_inventory WHERE e164 = ANY ($1)`);
const countBlocks = sql('inventory-count-blocks', `SELECT count_number_blocks($1)`);

/** Adds numbers that are not there yet. @returns how many those were */
export const insertNumbers = async (tx: Tx, numbers: readonly InventoryNumber[], now: Date): Promise<number> => {
  const column = <K extends keyof InventoryNumber>(key: K) => numbers.map((n) => n[key]);
  const [added] = await tx.query(
    insert,
    column('e164'),
    column('country'),
    column('areaCode'),
    column('region'),
    column('locality'),
    column('type'),
    column('carrierId'),
    numbers.map((n) => n.features.join(' ')),
    now,
    column('rateCenter'),
    column('lata'),
  );
  return added?.count ?? 0;
};

/** How many of these numbers are there already. */
export const countKnown = async (tx: Tx, numbers: readonly InventoryNumber[]): Promise<number> =>
  (
    await tx.query(
      known,
      numbers.map((n) => n.e164),
    )
  )[0]?.count ?? 0;

/** Numbers that are the same but for their last three digits are a block. */
export const blockOf = (e164: E164): string => e164.slice(0, -3);

/** Counts blocks anew after numbers were added to them. */
export const recountBlocks = (tx: Tx, prefixes: readonly string[]): Promise<unknown> => tx.query(countBlocks, prefixes);

/** Whom a tenant may have a number from, by the clock: nobody, whoever let it go, or itself. $2 is now, $3 the tenant. */
const TAKEABLE = `(state = 'available' OR (state = 'quarantined' AND quarantined_until <= $2) OR (state = 'reserved' AND (reserved_by = $3 OR reserved_until <= $2)))`;
const FREE = `quarantined_until = NULL, reserved_by = NULL, reserved_at = NULL, reserved_until = NULL`;

// the guard decides between buyers: whoever waited for the row finds it assigned
const take = sql<TakenNumber & { readonly areaCode: string }>(
  'inventory-take',
  `UPDATE number_inventory SET state = 'assigned', ${FREE} WHERE e164 = $1 AND ${TAKEABLE} RETURNING e164, country, area_code AS "areaCode", type`,
);
const move = sql<{ e164: E164 }>(
  'inventory-move',
  `UPDATE number_inventory SET state = $3, quarantined_until = $4 WHERE e164 = $1 AND state = ANY ($2) RETURNING e164`,
);
const sweep = sql<{ e164: E164 }>(
  'inventory-sweep',
  `UPDATE number_inventory SET state = 'available', ${FREE}
   WHERE (state = 'quarantined' AND quarantined_until <= $1) OR (state = 'reserved' AND reserved_until <= $1) RETURNING e164`,
);

/** Takes a number out of the inventory; undefined when it is not there for this tenant to have. */
export const takeNumber = async (
  tx: Tx,
  tenantId: string,
  e164: E164,
  now: Date,
): Promise<(TakenNumber & { readonly areaCode: string }) | undefined> => (await tx.query(take, e164, now, tenantId))[0];

/** Moves a number that somebody has along its lifecycle; `until`: the end of its quarantine. False when it is not where the event begins. */
export const moveNumber = async (tx: Tx, e164: E164, event: NumberEvent, until: Date | null = null): Promise<boolean> => {
  const { from, to } = LIFECYCLE[event];
  return (await tx.query(move, e164, from, to, until)).length > 0;
};

/** @returns how many quarantines and reservations were over */
export const sweepInventory = async (tx: Tx, now: Date): Promise<number> => (await tx.query(sweep, now)).length;
