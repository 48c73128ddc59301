import type { E164 } from '@trunkline/kernel';
import { sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import type { FoundNumber } from '../core/number-order.ts';

// what went back to its carrier is the carrier's, but not before the carrier has it
const known = sql<{ e164: E164 }>(
  'inventory-known-numbers',
  `SELECT e164 FROM number_inventory i WHERE e164 = ANY ($1::text[])
     AND (state <> 'released' OR EXISTS (SELECT FROM number_return r WHERE r.e164 = i.e164 AND r.returned_at IS NULL))`,
);
const available = sql<{ e164: E164 }>(
  'inventory-is-available',
  `SELECT e164 FROM number_inventory WHERE e164 = $1
     AND (state = 'available' OR (state IN ('quarantined', 'reserved') AND coalesce(quarantined_until, reserved_until) <= $2))`,
);
const bring = sql(
  'inventory-bring',
  `INSERT INTO number_inventory (e164, country, area_code, locality, type, carrier_id, state, created_at, rate_center, lata)
   VALUES ($1, $2, $3, $4, $5, (SELECT id FROM carrier WHERE lower(name) = lower($6)), 'assigned', $7, $8, $9)
   ON CONFLICT (e164) DO UPDATE SET state = 'assigned', carrier_id = excluded.carrier_id WHERE number_inventory.state = 'released'`,
);
// by the one way there is: given back, and available at once, for nobody has used it
const giveBack = sql<{ e164: E164 }>(
  'inventory-give-back',
  `UPDATE number_inventory i SET state = 'quarantined', quarantined_until = $2 WHERE e164 = $1 AND state = 'assigned'
     AND NOT EXISTS (SELECT FROM number_assignment a WHERE a.e164 = i.e164 AND a.released_at IS NULL) RETURNING e164`,
);
const stock = sql('inventory-stock', `UPDATE number_inventory SET state = 'available', quarantined_until = NULL WHERE e164 = $1`);

/** Which of these numbers the platform has, whoever uses them. */
export const knownNumbers = async (tx: Tx, numbers: readonly E164[]): Promise<ReadonlySet<E164>> =>
  new Set((await tx.query(known, numbers)).map(({ e164 }) => e164));

export const isAvailable = async (tx: Tx, e164: E164, now: Date): Promise<boolean> => (await tx.query(available, e164, now)).length > 0;

/** Brings a carrier's number into the inventory, set aside for whom it was bought for; the carrier is the one that has the supplier's name. */
export const bringNumber = async (tx: Tx, n: FoundNumber, now: Date): Promise<void> => {
  await tx.query(bring, n.e164, n.country, n.areaCode, n.locality, n.type, n.supplier, now, n.rateCenter, n.lata);
};

/** Puts a number that was set aside, and that nobody has, among those that can be had. */
export const stockNumber = async (tx: Tx, e164: E164, now: Date): Promise<void> => {
  if ((await tx.query(giveBack, e164, now)).length > 0) await tx.query(stock, e164);
};
