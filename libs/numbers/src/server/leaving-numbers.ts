import { AppError } from '@trunkline/kernel';
import type { E164, TenantContext } from '@trunkline/kernel';
import { audit, markDirty, publish, sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { openRecurring } from '@trunkline/rating/server';
import { numberErrors } from '../core/errors.ts';
import { moveNumber } from './inventory.sql.ts';
import { clearRouting } from './number-routing-queries.ts';

/** A number that another carrier asks for; `id` is that of its assignment. */
export type LeavingNumber = { readonly id: string; readonly e164: E164 };

const ask = sql<{ id: string }>(
  'numbers-asked-for',
  `UPDATE number_assignment SET asked_for_at = coalesce(asked_for_at, $3) WHERE tenant_id = $1 AND id = ANY ($2::uuid[]) AND released_at IS NULL RETURNING id`,
);
const stay = sql('numbers-stay', `UPDATE number_assignment SET asked_for_at = NULL WHERE tenant_id = $1 AND id = ANY ($2::uuid[])`);
const back = sql(
  'number-back',
  `UPDATE number_assignment SET released_at = NULL, quarantined_until = NULL, revision = revision + 1, updated_at = $3
   WHERE tenant_id = $1 AND id = $2 AND released_at IS NOT NULL`,
);

const idsOf = (numbers: readonly LeavingNumber[]): string[] => numbers.map((n) => n.id);

/** Nobody releases or transfers them from now on. @returns false when one of them is the tenant's no more */
export const holdNumbers = async (tx: Tx, tenantId: string, numbers: readonly LeavingNumber[], now: Date): Promise<boolean> =>
  (await tx.query(ask, tenantId, idsOf(numbers), now)).length === numbers.length;

/** They may leave; until they do, everything about them is as before. One that already may, or is gone, is left alone. */
export const letNumbersLeave = async (tx: Tx, numbers: readonly LeavingNumber[]): Promise<void> => {
  for (const { e164 } of numbers) await moveNumber(tx, e164, 'authorise_port_out');
};

/** They do not leave after all, and are their tenant's to release again. */
export const keepNumbers = async (tx: Tx, tenantId: string, numbers: readonly LeavingNumber[]): Promise<void> => {
  for (const { e164 } of numbers) await moveNumber(tx, e164, 'keep');
  await tx.query(stay, tenantId, idsOf(numbers));
};

/**
 * A number that left is the tenant's again: paid by the month without a setup fee, and pointing nowhere.
 * @throws AppError number.wrong_state when it is not away, plan.none_assigned
 */
export const winNumberBack = async (tx: Tx, ctx: TenantContext, { id, e164 }: LeavingNumber, now: Date): Promise<void> => {
  const { tenantId } = ctx;
  await tx.query(back, tenantId, id, now); // first: only whose number it is may move it
  if (!(await moveNumber(tx, e164, 'win_back'))) throw new AppError(numberErrors.wrongState);
  await clearRouting(tx, tenantId, id);
  await openRecurring(
    tx,
    { tenantId, kind: 'number', resourceId: id, description: e164, quantity: 1 },
    new Date(now.getTime() + 86_400_000),
  );
  markDirty(tx, 'number', [e164]);
  audit(tx, ctx, 'number.won_back', id, { e164 });
  publish(tx, { type: 'number.won_back', tenantId, data: { numberId: id, e164, trunkId: null } });
};
