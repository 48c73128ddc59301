import { notFound } from '@trunkline/kernel';
import type { E164, Position } from '@trunkline/kernel';
import { sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import type { CarrierPortOut, PortOutAnswer } from '@trunkline/carriers';
import type { PortOutReason } from '../core/decide-port-out.ts';
import type { PortOutActor, PortOutMove } from '../core/port-out-facts.ts';
import type { PortOutState } from '../core/port-out-machine.ts';

export type PortOutRow = {
  readonly tenantId: string;
  readonly id: string;
  readonly carrier: string;
  readonly carrierRef: string;
  readonly carrierVersion: number;
  readonly state: PortOutState;
  readonly stateSince: Date;
  readonly purchaseOrder: string | null;
  readonly winningCarrierId: string | null;
  readonly winningCarrierName: string;
  readonly subscriberName: string | null;
  readonly accountMatches: boolean | null;
  readonly postalCodeMatches: boolean | null;
  readonly numbersMax: number;
  readonly synchronous: boolean;
  readonly receivedAt: Date;
  readonly carrierDeadlineAt: Date;
  readonly answerBy: Date | null;
  readonly decidedBy: PortOutActor | null;
  readonly reason: PortOutReason | null;
  readonly evidence: string | null;
  readonly focAt: Date | null;
  readonly completedAt: Date | null;
  readonly tellDueAt: Date | null;
  readonly revision: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};
export type PortOutNumberRow = {
  readonly portOutId: string;
  readonly numberId: string;
  readonly e164: E164;
  readonly active: boolean;
  readonly locked: boolean;
  readonly pin: 'right' | 'wrong' | null;
};
export type PortOutEventRow = {
  readonly portOutId: string;
  readonly sequence: number;
  readonly state: PortOutState;
  readonly by: PortOutActor;
  readonly reason: string | null;
  readonly focAt: Date | null;
  readonly at: Date;
};
/** A request, locked, with its numbers. */
export type PortOut = { readonly row: PortOutRow; readonly numbers: readonly PortOutNumberRow[]; readonly length: number };
/** What a repeat of a request is answered; `pending`: the tenant is asked. */
export type KeptAnswer = PortOutAnswer | { readonly kind: 'pending' };
/** A request as it came, whoever's: `ownerId` is null when it named nobody's numbers. */
export type ReceivedPortOut = { readonly ownerId: string | null; readonly portOutId: string | null; readonly answer: KeptAnswer };
/** A request for numbers of nobody that its carrier has yet to be told no for. */
export type UntoldPortOut = { readonly carrier: string; readonly ref: string; readonly answer: PortOutAnswer };

const SELECT = `SELECT tenant_id AS "tenantId", id, carrier, carrier_ref AS "carrierRef", carrier_version AS "carrierVersion", state, state_since AS "stateSince",
    purchase_order AS "purchaseOrder", winning_carrier_id AS "winningCarrierId", winning_carrier_name AS "winningCarrierName",
    subscriber_name AS "subscriberName", account_matches AS "accountMatches", postal_code_matches AS "postalCodeMatches", numbers_max AS "numbersMax",
    synchronous, received_at AS "receivedAt", carrier_deadline_at AS "carrierDeadlineAt", answer_by AS "answerBy", decided_by AS "decidedBy", reason,
    evidence, foc_at AS "focAt", completed_at AS "completedAt", tell_due_at AS "tellDueAt", revision, created_at AS "createdAt", updated_at AS "updatedAt"
  FROM port_out`;
const one = sql<PortOutRow>('port-out', `${SELECT} WHERE tenant_id = $1 AND id = $2`);
const lock = sql<PortOutRow>('port-out-lock', `${SELECT} WHERE tenant_id = $1 AND id = $2 FOR UPDATE`);
// of two requests for a number one after the other says whether the other still holds it
const lockAssignments = sql(
  'port-out-lock-numbers',
  `SELECT id FROM number_assignment WHERE tenant_id = $1 AND id IN (SELECT number_id FROM port_out_number WHERE tenant_id = $1 AND port_out_id = $2)
   ORDER BY id FOR UPDATE`,
);
// silence has decided from the deadline on, written down or not
const list = sql<PortOutRow>(
  'port-outs',
  `${SELECT} WHERE tenant_id = $1 AND (created_at, id) < ($2, $3)
     AND ($5::text IS NULL OR CASE WHEN state = 'pending_tenant' AND answer_by <= $6 THEN 'authorized' ELSE state END = $5)
   ORDER BY created_at DESC, id DESC LIMIT $4`,
);
const disputed = sql<PortOutRow>(
  'port-outs-disputed',
  `${SELECT} WHERE state IN ('disputed', 'reversing') AND (state_since, id) > ($1, $2) ORDER BY state_since, id LIMIT $3`,
);
const numbersOf = sql<PortOutNumberRow>(
  'port-out-numbers',
  `SELECT port_out_id AS "portOutId", number_id AS "numberId", e164, active, locked, pin FROM port_out_number
   WHERE tenant_id = $1 AND port_out_id = ANY ($2::uuid[]) ORDER BY e164`,
);
const history = sql<PortOutEventRow>(
  'port-out-history',
  `SELECT port_out_id AS "portOutId", sequence, state, by, reason, foc_at AS "focAt", at FROM port_out_event
   WHERE tenant_id = $1 AND port_out_id = ANY ($2::uuid[]) ORDER BY port_out_id, sequence`,
);
const length = sql<{ length: number }>(
  'port-out-length',
  `SELECT count(*)::int AS length FROM port_out_event WHERE tenant_id = $1 AND port_out_id = $2`,
);
const insert = sql(
  'port-out-insert',
  `INSERT INTO port_out (tenant_id, id, carrier, carrier_ref, carrier_version, state, state_since, purchase_order, winning_carrier_id, winning_carrier_name,
     subscriber_name, account_matches, postal_code_matches, numbers_max, synchronous, received_at, carrier_deadline_at, answer_by, created_at, updated_at)
   VALUES ($1, $2, $3, $4, $5, 'received', $6, $7, $8, $9, $10, $11, $12, $13, $14, $6, $15, $16, $6, $6)`,
);
const insertNumbers = sql(
  'port-out-numbers-insert',
  `INSERT INTO port_out_number (tenant_id, port_out_id, number_id, e164, active, locked, pin, open)
   SELECT $1, $2, u.*, $8 FROM unnest($3::uuid[], $4::text[], $5::bool[], $6::bool[], $7::text[]) AS u`,
);
const close = sql('port-out-numbers-close', `UPDATE port_out_number SET open = false WHERE tenant_id = $1 AND port_out_id = $2 AND open`);
const heldElsewhere = sql<{ numberId: string }>(
  'port-out-numbers-held',
  `SELECT number_id AS "numberId" FROM port_out_number WHERE tenant_id = $1 AND number_id = ANY ($2::uuid[]) AND open AND port_out_id <> $3`,
);
const save = sql(
  'port-out-save',
  `UPDATE port_out SET state = $3, state_since = $4, carrier_version = $5, decided_by = $6, reason = $7, evidence = $8, foc_at = $9, completed_at = $10,
     tell_due_at = $11, revision = revision + 1, updated_at = $12 WHERE tenant_id = $1 AND id = $2`,
);
const append = sql(
  'port-out-event-append',
  `INSERT INTO port_out_event (tenant_id, port_out_id, sequence, state, by, reason, foc_at, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
);
const told = sql(
  'port-out-told',
  `UPDATE port_out SET tell_due_at = NULL WHERE tenant_id = $1 AND id = $2 AND state = $3 AND tell_due_at IS NOT NULL`,
);
const claim = sql<{ ref: string }>(
  'carrier-port-out-claim',
  `INSERT INTO carrier_port_out (carrier, ref, received_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING ref`,
);
const received = sql<ReceivedPortOut>(
  'carrier-port-out',
  `SELECT owner_id AS "ownerId", port_out_id AS "portOutId", answer FROM carrier_port_out WHERE carrier = $1 AND ref = $2`,
);
// an order that a carrier has of what it asked on the line, where it had no name for it yet: known by its PON, and by a number as far as it names some
const answered = sql<ReceivedPortOut>(
  'carrier-port-out-answered',
  `SELECT c.owner_id AS "ownerId", c.port_out_id AS "portOutId", c.answer FROM port_out p
     JOIN carrier_port_out c ON c.carrier = p.carrier AND c.ref = p.carrier_ref
   WHERE p.carrier = $1 AND p.synchronous AND p.purchase_order = $2 AND p.state NOT IN ('completed', 'cancelled')
     AND (cardinality($3::text[]) = 0 OR EXISTS (SELECT 1 FROM port_out_number n
       WHERE n.tenant_id = p.tenant_id AND n.port_out_id = p.id AND n.e164 = ANY ($3)))
   ORDER BY p.received_at DESC, p.id DESC LIMIT 1`,
);
const lastRef = sql<{ ref: string }>(
  'carrier-port-out-last-ref',
  `SELECT ref FROM carrier_port_out WHERE carrier = $1 AND port_out_id = $2 ORDER BY received_at DESC, ref LIMIT 1`,
);
const settle = sql(
  'carrier-port-out-settle',
  `UPDATE carrier_port_out SET owner_id = $3, port_out_id = $4, answer = $5, tell_due_at = $6 WHERE carrier = $1 AND ref = $2`,
);

const first = async <T>(rows: Promise<T[]>): Promise<T> => {
  const [row] = await rows;
  if (!row) throw notFound();
  return row;
};

/** @throws AppError resource.not_found */
export const lockPortOut = async (tx: Tx, tenantId: string, id: string): Promise<PortOut> => {
  const row = await first(tx.query(lock, tenantId, id));
  await tx.query(lockAssignments, tenantId, id);
  const [numbers, [counted]] = await Promise.all([tx.query(numbersOf, tenantId, [id]), tx.query(length, tenantId, id)]);
  return { row, numbers, length: counted?.length ?? 0 };
};

/** @throws AppError resource.not_found */
export const readPortOut = (tx: Tx, tenantId: string, id: string) => first(tx.query(one, tenantId, id));
export const listPortOuts = (tx: Tx, tenantId: string, after: Position, limit: number, state: PortOutState | undefined, now: Date) =>
  tx.query(list, tenantId, after.createdAt, after.id, limit, state, now);
export const listDisputed = (tx: Tx, after: Position, limit: number) => tx.query(disputed, after.createdAt, after.id, limit);
export const listPortOutNumbers = (tx: Tx, tenantId: string, ids: readonly string[]) => tx.query(numbersOf, tenantId, ids);
export const listPortOutHistories = (tx: Tx, tenantId: string, ids: readonly string[]) => tx.query(history, tenantId, ids);

export const insertPortOut = (tx: Tx, r: PortOutRow) =>
  tx.query(
    insert,
    r.tenantId,
    r.id,
    r.carrier,
    r.carrierRef,
    r.carrierVersion,
    r.receivedAt,
    r.purchaseOrder,
    r.winningCarrierId,
    r.winningCarrierName,
    r.subscriberName,
    r.accountMatches,
    r.postalCodeMatches,
    r.numbersMax,
    r.synchronous,
    r.carrierDeadlineAt,
    r.answerBy,
  );
export const insertPortOutNumbers = (tx: Tx, { tenantId, id }: PortOutRow, numbers: readonly PortOutNumberRow[], open: boolean) => {
  const column = <K extends keyof PortOutNumberRow>(key: K) => numbers.map((n) => n[key]);
  return tx.query(
    insertNumbers,
    ...[tenantId, id, column('numberId'), column('e164'), column('active'), column('locked'), column('pin'), open],
  );
};
export const closePortOutNumbers = (tx: Tx, { tenantId, id }: PortOutRow) => tx.query(close, tenantId, id);
/** Those of its numbers that no other request holds. */
export const notHeldElsewhere = async (tx: Tx, { row, numbers }: PortOut): Promise<PortOutNumberRow[]> => {
  const ids = numbers.map((n) => n.numberId);
  const held = new Set((await tx.query(heldElsewhere, row.tenantId, ids, row.id)).map((n) => n.numberId));
  return numbers.filter((n) => !held.has(n.numberId));
};
export const savePortOut = (tx: Tx, r: PortOutRow) =>
  tx.query(
    save,
    ...[r.tenantId, r.id, r.state, r.stateSince, r.carrierVersion, r.decidedBy, r.reason, r.evidence],
    ...[r.focAt, r.completedAt, r.tellDueAt, r.updatedAt],
  );
export const appendPortOutEvent = (
  tx: Tx,
  { tenantId, id }: PortOutRow,
  sequence: number,
  { state, by, reason = null, text = null, focAt = null }: Omit<PortOutMove, 'text'> & { readonly text?: string | null },
  at: Date,
) => tx.query(append, tenantId, id, sequence, state, by, reason ?? text, focAt, at);
/** @param state what the carrier was told of: something else may have happened meanwhile */
export const markTold = (tx: Tx, tenantId: string, id: string, state: PortOutState) => tx.query(told, tenantId, id, state);

/** @returns false when the request is known: whoever asks at the same moment waits for the first */
export const claimPortOut = async (tx: Tx, carrier: string, ref: string, now: Date): Promise<boolean> =>
  (await tx.query(claim, carrier, ref, now)).length > 0;
export const readReceived = async (tx: Tx, carrier: string, ref: string): Promise<ReceivedPortOut | undefined> =>
  (await tx.query(received, carrier, ref))[0];
/** What a request that comes by itself was answered on the line before, if it is the same. */
export const findAnswered = async (
  tx: Tx,
  carrier: string,
  { purchaseOrder, numbers }: Pick<CarrierPortOut, 'purchaseOrder' | 'numbers'>,
): Promise<ReceivedPortOut | undefined> =>
  purchaseOrder === null ? undefined : (await tx.query(answered, carrier, purchaseOrder, numbers))[0];
/** How the carrier calls a request by now. */
export const lastRefOf = async (tx: Tx, { carrier, id, carrierRef }: PortOutRow): Promise<string> =>
  (await tx.query(lastRef, carrier, id))[0]?.ref ?? carrierRef;
/** @param tellDueAt when the carrier is to be told; null: it is on the line, or its tenant's request says so */
export const settleReceived = (
  tx: Tx,
  carrier: string,
  ref: string,
  { ownerId, portOutId, answer }: ReceivedPortOut,
  tellDueAt: Date | null = null,
) => tx.query(settle, carrier, ref, ownerId, portOutId, answer, tellDueAt);
