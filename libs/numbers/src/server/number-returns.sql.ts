import type { E164 } from '@trunkline/kernel';
import { sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import type { InventoryState } from '../core/lifecycle.ts';

/** A number on its way back; `supplier` is the name of the carrier's. */
export type NumberReturn = {
  readonly id: string; // uuid
  readonly e164: E164;
  readonly supplier: string;
  readonly requestedAt: Date;
  readonly attempts: number;
};

/** What says whether a number may go back. `releasedAt` and `quarantinedUntil` are those of its last tenant, null when it never had one. */
export type Returnable = {
  readonly state: InventoryState;
  readonly carrier: string | null;
  readonly releasedAt: Date | null;
  readonly quarantinedUntil: Date | null;
};

const lock = sql<Returnable>(
  'number-return-lock',
  `SELECT i.state, c.name AS carrier, a.released_at AS "releasedAt", a.quarantined_until AS "quarantinedUntil"
   FROM number_inventory i LEFT JOIN carrier c ON c.id = i.carrier_id LEFT JOIN LATERAL (
     SELECT released_at, quarantined_until FROM number_assignment a WHERE a.e164 = i.e164 ORDER BY created_at DESC, id DESC LIMIT 1
   ) a ON true WHERE i.e164 = $1 FOR UPDATE OF i`,
);
const insert = sql(
  'number-return-insert',
  `INSERT INTO number_return (id, e164, supplier, requested_at, next_at) VALUES ($1, $2, $3, $4, $4)`,
);
const due = sql<NumberReturn>(
  'number-return-due',
  `SELECT id, e164, supplier, requested_at AS "requestedAt", attempts FROM number_return WHERE next_at <= $1 ORDER BY next_at LIMIT $2`,
);
const postpone = sql(
  'number-return-postpone',
  `UPDATE number_return SET attempts = attempts + 1, next_at = $2 WHERE id = $1 AND returned_at IS NULL`,
);
const finish = sql<{ id: string }>(
  'number-return-finish',
  `UPDATE number_return SET returned_at = $2, next_at = NULL WHERE id = $1 AND returned_at IS NULL RETURNING id`,
);

export const lockReturnable = async (tx: Tx, e164: E164): Promise<Returnable | undefined> => (await tx.query(lock, e164))[0];

export const insertReturn = (tx: Tx, { id, e164, supplier, requestedAt }: NumberReturn): Promise<unknown> =>
  tx.query(insert, id, e164, supplier, requestedAt);

export const dueReturns = (tx: Tx, now: Date, limit: number): Promise<NumberReturn[]> => tx.query(due, now, limit);

export const postponeReturn = (tx: Tx, id: string, until: Date): Promise<unknown> => tx.query(postpone, id, until);

/** @returns false when it is finished already */
export const finishReturn = async (tx: Tx, id: string, now: Date): Promise<boolean> => (await tx.query(finish, id, now)).length > 0;
