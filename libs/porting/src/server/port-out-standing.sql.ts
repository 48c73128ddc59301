import type { E164 } from '@trunkline/kernel';
import { sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import type { PinGuesses } from '../core/pin-guesses.ts';

/** A number that is asked for: who has it, and what protects it. */
export type NumberFacts = {
  readonly e164: E164;
  readonly tenantId: string | null;
  readonly numberId: string | null;
  readonly state: string | null;
  readonly locked: boolean;
  readonly pinMac: Buffer | null;
  readonly ownPin: boolean; // of the number, not of all its tenant's
  readonly accountNumber: string | null;
  readonly postalCode: string | null;
};

// all that a request is answered from, in one read: a carrier may be on the line
const facts = sql<NumberFacts>(
  'port-out-facts',
  `SELECT u.e164, a.tenant_id AS "tenantId", a.id AS "numberId", i.state, coalesce(x.locked, p.locked, false) AS locked,
     coalesce(x.pin_mac, p.pin_mac) AS "pinMac", x.pin_mac IS NOT NULL AS "ownPin", p.account_number AS "accountNumber", p.postal_code AS "postalCode"
   FROM unnest($1::text[]) WITH ORDINALITY AS u (e164, n)
     LEFT JOIN number_assignment a ON a.e164 = u.e164 AND a.released_at IS NULL LEFT JOIN number_inventory i ON i.e164 = a.e164
     LEFT JOIN port_out_protection x ON x.tenant_id = a.tenant_id AND x.number_id = a.id LEFT JOIN port_out_policy p ON p.tenant_id = a.tenant_id
   ORDER BY u.n`,
);
// locks the count and reads it as whoever was before left it: in a join it would be as old as the statement
const lockGuesses = sql<PinGuesses & { subjectId: string }>(
  'port-out-guesses-lock',
  `INSERT INTO port_out_guess (tenant_id, subject_id) SELECT $1, u.id FROM unnest($2::uuid[]) AS u (id) ORDER BY u.id
   ON CONFLICT (tenant_id, subject_id) DO UPDATE SET wrong = port_out_guess.wrong RETURNING subject_id AS "subjectId", wrong, since`,
);
const saveGuesses = sql(
  'port-out-guesses-save',
  `UPDATE port_out_guess SET wrong = $3, since = $4 WHERE tenant_id = $1 AND subject_id = $2`,
);

export const readFacts = (tx: Tx, e164s: readonly string[]): Promise<NumberFacts[]> => tx.query(facts, e164s);

/** Where wrong PINs of a number are counted: where the PIN is kept. Else its tenant's one PIN could be tried at each of its numbers anew. */
export const guessSubject = ({ ownPin, numberId, tenantId }: NumberFacts): string | null => (ownPin ? numberId : tenantId);

export const lockPinGuesses = async (tx: Tx, tenantId: string, subjects: readonly string[]): Promise<ReadonlyMap<string, PinGuesses>> => {
  if (subjects.length === 0) return new Map();
  return new Map((await tx.query(lockGuesses, tenantId, subjects)).map((g) => [g.subjectId, g]));
};
export const savePinGuesses = (tx: Tx, tenantId: string, subjectId: string, { wrong, since }: PinGuesses) =>
  tx.query(saveGuesses, tenantId, subjectId, wrong, since);
