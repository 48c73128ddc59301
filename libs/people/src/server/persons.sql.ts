import { invalidField, newId } from '@trunkline/kernel';
import { sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';

export type PersonRow = {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly passwordHash: string | null;
  readonly totpSealed: Buffer | null;
  readonly totpEnabledAt: Date | null;
  readonly totpLastStep: bigint | null;
};

const COLUMNS = `id, email, name, password_hash AS "passwordHash", totp_sealed AS "totpSealed", totp_enabled_at AS "totpEnabledAt", totp_last_step AS "totpLastStep"`;

/** Those whom a tenant's identity provider speaks for are not found: they have no password, and their address proves nothing here. */
export const personByEmail = sql<PersonRow>('person-by-email', `SELECT ${COLUMNS} FROM person WHERE email = $1 AND sso_tenant_id IS NULL`);
export const personById = sql<PersonRow>('person-by-id', `SELECT ${COLUMNS} FROM person WHERE id = $1`);
export const lockPerson = sql<PersonRow>('person-lock', `SELECT ${COLUMNS} FROM person WHERE id = $1 FOR UPDATE`);
export const setPassword = sql('person-password', `UPDATE person SET password_hash = $2, updated_at = $3 WHERE id = $1`);
export const setTotp = sql(
  'person-totp',
  `UPDATE person SET totp_sealed = $2, totp_enabled_at = $3, totp_last_step = $4, updated_at = $5 WHERE id = $1`,
);
export const takeStep = sql('person-totp-step', `UPDATE person SET totp_last_step = $2 WHERE id = $1`);

export const insertRecoveryCodes = sql('recovery-insert', `INSERT INTO recovery_code (person_id, hash) SELECT $1, unnest($2::bytea[])`);
export const deleteRecoveryCodes = sql('recovery-delete', `DELETE FROM recovery_code WHERE person_id = $1`);
export const takeRecoveryCode = sql<{ hash: Buffer }>(
  'recovery-take',
  `UPDATE recovery_code SET used_at = $3 WHERE person_id = $1 AND hash = $2 AND used_at IS NULL RETURNING hash`,
);

const insert = sql<{ id: string }>(
  'person-insert',
  `INSERT INTO person (id, email, name, password_hash, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $5)
   ON CONFLICT (email) WHERE sso_tenant_id IS NULL DO NOTHING RETURNING id`,
);

/** What somebody says of themselves who follows a mailed link for the first time. */
export type NewPerson = { readonly name: string | undefined; readonly passwordHash: string | undefined };

/**
 * The person of an address that a mailed link has proved: the one there is, or a new one. A password is taken from the new one alone:
 * a link that adds a place is none that changes a password.
 */
export const enterPerson = async (tx: Tx, email: string, given: NewPerson, now: Date): Promise<string> => {
  const [known] = await tx.query(personByEmail, email);
  if (known) {
    if (given.passwordHash !== undefined) throw invalidField('/password', 'account_exists', 'You have a password already: leave it out');
    return known.id;
  }
  if (given.name === undefined) throw invalidField('/name', 'required', 'Say your name: you are new here');
  if (given.passwordHash === undefined) throw invalidField('/password', 'required', 'Choose a password: you are new here');
  const [made] = await tx.query(insert, newId(), email, given.name, given.passwordHash, now);
  // whoever came first, a moment ago, had a password of their own
  if (!made) throw invalidField('/password', 'account_exists', 'You have a password already: leave it out');
  return made.id;
};
