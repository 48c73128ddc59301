import type { E164, TenantContext } from '@trunkline/kernel';
import { audit, markDirty, publish, sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { closeRecurring, orderUnits } from '@trunkline/rating/server';
import { areaCodeOf } from '../core/area-code.ts';
import type { NumberType } from '../core/number-row.ts';
import { moveNumber } from './inventory.sql.ts';

/** A number on its way here; `id` is what its assignment will have. */
export type ExpectedNumber = { readonly id: string; readonly e164: E164 };
export type BroughtNumber = ExpectedNumber & { readonly country: string; readonly type: NumberType };

const expect = sql(
  'number-expect',
  `INSERT INTO expected_number (tenant_id, id, e164, trunk_id, created_at) SELECT $1, u.*, $4, $5 FROM unnest($2::uuid[], $3::text[]) AS u
   ON CONFLICT (tenant_id, id) DO UPDATE SET trunk_id = excluded.trunk_id`,
);
const forget = sql('number-forget', `DELETE FROM expected_number WHERE tenant_id = $1 AND id = ANY ($2::uuid[])`);
const enter = sql<{ e164: string }>(
  'inventory-enter-ported',
  `INSERT INTO number_inventory (e164, country, area_code, type, state, created_at)
   SELECT u.*, 'assigned', $5 FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS u
   ON CONFLICT (e164) DO UPDATE SET state = 'assigned', quarantined_until = NULL WHERE number_inventory.state IN ('available', 'quarantined', 'ported_out', 'released') RETURNING e164`,
);
const assign = sql(
  'number-assign-ported',
  `INSERT INTO number_assignment (tenant_id, id, e164, trunk_id, revision, created_at, updated_at)
   SELECT $1, u.*, $4, 1, $5, $5 FROM unnest($2::uuid[], $3::text[]) AS u`,
);
const held = sql<{ id: string }>(
  'number-held-lock',
  `SELECT id FROM number_assignment WHERE tenant_id = $1 AND e164 = $2 AND released_at IS NULL FOR UPDATE`,
);
const portOut = sql<{ e164: string }>(
  'inventory-port-back',
  `UPDATE number_inventory SET state = 'ported_out' WHERE e164 = $1 AND state IN ('assigned', 'porting_out') RETURNING e164`,
);
const leave = sql(
  'number-leave',
  `UPDATE number_assignment SET trunk_id = NULL, asked_for_at = NULL, revision = revision + 1, updated_at = $3, released_at = $3, quarantined_until = $3 WHERE tenant_id = $1 AND id = $2`,
);
const here = sql<{ e164: string }>(
  'numbers-here',
  `SELECT e164 FROM number_inventory WHERE e164 = ANY ($1::text[]) AND state NOT IN ('quarantined', 'released', 'ported_out')`,
);

/** Those of the numbers that the platform holds, whoever has them. */
export const numbersHere = async (tx: Tx, e164s: readonly string[]): Promise<ReadonlySet<string>> =>
  new Set((await tx.query(here, e164s)).map((n) => n.e164));

/** From now on the edges take the calls of numbers that are yet to come. Whoever has one of them now keeps it until then. */
export const expectNumbers = async (
  tx: Tx,
  tenantId: string,
  numbers: readonly ExpectedNumber[],
  trunkId: string | null,
  now: Date,
): Promise<void> => {
  if (numbers.length === 0) return;
  await tx.query(expect, tenantId, idsOf(numbers), e164sOf(numbers), trunkId, now);
  markDirty(tx, 'number', e164sOf(numbers));
};

/** They do not come, or not now: the edges have again what they had before. */
export const forgetNumbers = async (tx: Tx, tenantId: string, numbers: readonly ExpectedNumber[]): Promise<void> => {
  if (numbers.length === 0) return;
  await tx.query(forget, tenantId, idsOf(numbers));
  markDirty(tx, 'number', e164sOf(numbers));
};

/** Numbers that were expected are here: held, and paid from today, the setup fee at once. @throws when one of them is somebody's */
export const bringNumbers = async (
  tx: Tx,
  ctx: TenantContext,
  numbers: readonly BroughtNumber[],
  trunkId: string | null,
  now: Date,
): Promise<void> => {
  const { tenantId } = ctx;
  await expectNumbers(tx, tenantId, numbers, trunkId, now);
  const column = (of: (n: BroughtNumber) => string) => numbers.map(of);
  const entered = await tx.query(
    enter,
    e164sOf(numbers),
    column((n) => n.country),
    column((n) => areaCodeOf(n.e164)),
    column((n) => n.type),
    now,
  );
  if (entered.length < numbers.length) throw new Error('a number that was ported in is held by somebody here');
  await tx.query(assign, tenantId, idsOf(numbers), e164sOf(numbers), trunkId, now);
  await tx.query(forget, tenantId, idsOf(numbers));
  for (const number of numbers) await welcome(tx, ctx, number, trunkId, now);
};

const welcome = async (tx: Tx, ctx: TenantContext, { id, e164 }: ExpectedNumber, trunkId: string | null, now: Date): Promise<void> => {
  const { tenantId } = ctx;
  const item = { tenantId, kind: 'number', resourceId: id, description: e164, quantity: 1 } as const;
  await orderUnits(tx, item, now, { reference: `${id}:1`, isDone: true }); // the carrier has done it
  audit(tx, ctx, 'number.ported_in', id, { e164, trunkId });
  publish(tx, { type: 'number.ported_in', tenantId, data: { numberId: id, e164, trunkId } });
};

/** A number goes back to the carrier it came from, or out to another one. @returns whether the tenant still had it */
export const takeNumberAway = async (
  tx: Tx,
  ctx: TenantContext,
  e164: E164,
  now: Date,
  event: 'number.ported_back' | 'number.ported_out' = 'number.ported_back',
): Promise<boolean> => {
  const { tenantId } = ctx;
  const [assignment] = await tx.query(held, tenantId, e164);
  if (!assignment) return false;
  await moveNumber(tx, e164, 'reinstate'); // a suspended one goes too
  if ((await tx.query(portOut, e164)).length === 0) throw new Error(`${e164} is the tenant's, but not assigned in the inventory`);
  await tx.query(leave, tenantId, assignment.id, now);
  await closeRecurring(tx, tenantId, assignment.id, now);
  markDirty(tx, 'number', [e164]);
  audit(tx, ctx, event, assignment.id, { e164 });
  publish(tx, { type: event, tenantId, data: { numberId: assignment.id, e164 } });
  return true;
};

const idsOf = (numbers: readonly ExpectedNumber[]): string[] => numbers.map((n) => n.id);
const e164sOf = (numbers: readonly ExpectedNumber[]): string[] => numbers.map((n) => n.e164);
