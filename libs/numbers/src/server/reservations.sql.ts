import type { E164 } from '@trunkline/kernel';
import { sql, takeTurn } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';

/** A number kept for a tenant. */
export type Reservation = {
  readonly e164: E164;
  readonly country: string;
  readonly reservedAt: Date;
  readonly reservedUntil: Date;
};

const COLUMNS = `e164, country, reserved_at AS "reservedAt", reserved_until AS "reservedUntil"`;
const OWN = `state = 'reserved' AND reserved_by = $1 AND reserved_until > $2`;

// Rows are locked in one order, so that two requests for the same numbers never wait for each other in a ring; whoever waited looks again.
const reserve = sql<Reservation>(
  'reservation-make',
  `UPDATE number_inventory SET state = 'reserved', reserved_by = $1, reserved_at = $2, reserved_until = $4, quarantined_until = NULL
   WHERE e164 IN (SELECT e164 FROM number_inventory WHERE e164 = ANY ($3) AND (state = 'available'
     OR (state IN ('quarantined', 'reserved') AND coalesce(quarantined_until, reserved_until) <= $2)) ORDER BY e164 FOR UPDATE)
   RETURNING ${COLUMNS}`,
);
const lock = sql<Reservation>(
  'reservation-lock',
  `SELECT ${COLUMNS} FROM number_inventory WHERE e164 = ANY ($3) AND ${OWN} ORDER BY e164 FOR UPDATE`,
);
const prolong = sql(
  'reservation-prolong',
  `UPDATE number_inventory i SET reserved_until = u.until FROM unnest($1::text[], $2::timestamptz[]) AS u (e164, until) WHERE i.e164 = u.e164`,
);
const drop = sql(
  'reservation-drop',
  `UPDATE number_inventory SET state = 'available', reserved_by = NULL, reserved_at = NULL, reserved_until = NULL WHERE e164 = ANY ($1)`,
);
const list = sql<Reservation>(
  'reservation-list',
  `SELECT ${COLUMNS} FROM number_inventory WHERE ${OWN} AND e164 > $3 ORDER BY e164 LIMIT $4`,
);
const count = sql<{ count: number }>('reservation-count', `SELECT count(*)::int AS count FROM number_inventory WHERE ${OWN}`);

/** Keeps those of the numbers that nobody has. */
export const reserveNumbers = (tx: Tx, tenantId: string, now: Date, numbers: readonly E164[], until: Date): Promise<Reservation[]> =>
  tx.query(reserve, tenantId, now, numbers, until);

/** Those of the numbers that are the tenant's now, held until the transaction ends. */
export const lockReservations = (tx: Tx, tenantId: string, now: Date, numbers: readonly E164[]): Promise<Reservation[]> =>
  tx.query(lock, tenantId, now, numbers);

export const prolongReservations = (tx: Tx, reservations: readonly Reservation[]): Promise<unknown> =>
  tx.query(
    prolong,
    reservations.map((r) => r.e164),
    reservations.map((r) => r.reservedUntil),
  );

export const dropReservations = (tx: Tx, numbers: readonly E164[]): Promise<unknown> => tx.query(drop, numbers);

export const listReservations = (tx: Tx, tenantId: string, now: Date, after: string, limit: number): Promise<Reservation[]> =>
  tx.query(list, tenantId, now, after, limit);

/** How many a tenant has reserved, counted by one of its requests at a time. */
export const countReservations = async (tx: Tx, tenantId: string, now: Date): Promise<number> => {
  await takeTurn(tx, `number_reservation.${tenantId}`);
  return (await tx.query(count, tenantId, now))[0]?.count ?? 0;
};
