import { sql } from '@trunkline/platform';

export type Passkey = {
  readonly id: string;
  readonly name: string;
  readonly credentialId: string;
  readonly publicKey: Buffer;
  readonly signCount: bigint;
  readonly transports: readonly string[];
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
};
/** What a challenge is signed for. */
export type Purpose = 'create' | 'log_in';

const COLUMNS = `id, name, credential_id AS "credentialId", public_key AS "publicKey", sign_count AS "signCount", transports, created_at AS "createdAt", last_used_at AS "lastUsedAt"`;

export const passkeysOf = sql<Passkey>('passkey-list', `SELECT ${COLUMNS} FROM passkey WHERE person_id = $1 ORDER BY created_at, id`);
export const insertPasskey = sql<Passkey>(
  'passkey-insert',
  `INSERT INTO passkey (id, person_id, name, credential_id, public_key, sign_count, transports, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
   ON CONFLICT (credential_id) DO NOTHING RETURNING ${COLUMNS}`,
);
export const usePasskey = sql('passkey-use', `UPDATE passkey SET sign_count = $2, last_used_at = $3 WHERE id = $1`);
export const deletePasskey = sql<{ name: string }>('passkey-delete', `DELETE FROM passkey WHERE person_id = $1 AND id = $2 RETURNING name`);
export const deletePasskeys = sql('passkey-delete-all', `DELETE FROM passkey WHERE person_id = $1`);

export const insertChallenge = sql(
  'passkey-challenge-insert',
  `INSERT INTO passkey_challenge (challenge, person_id, purpose, expires_at) VALUES ($1, $2, $3, $4)`,
);
export const takeChallenge = sql<{ challenge: string }>(
  'passkey-challenge-take',
  `DELETE FROM passkey_challenge WHERE challenge = $1 AND person_id = $2 AND purpose = $3 AND expires_at > $4 RETURNING challenge`,
);
export const pruneChallenges = sql('passkey-challenge-prune', `DELETE FROM passkey_challenge WHERE expires_at < $1`);
