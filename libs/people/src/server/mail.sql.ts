import { sql } from '@trunkline/platform';

/** Wakes whoever sends mails. */
export const MAIL_DUE = 'mail_due';

/** A mail whose time has come. */
export type DueMail = {
  readonly id: string;
  readonly recipient: string;
  readonly subject: string;
  readonly bodySealed: Buffer;
  readonly attempts: number;
};
export type OutboxMail = Omit<DueMail, 'attempts'> & { readonly createdAt: Date };

export const insertMail = sql(
  'mail-insert',
  `INSERT INTO mail (id, kind, recipient, subject, body_sealed, state, next_attempt_at, expires_at, created_at) VALUES ($1, $2, $3, $4, $5, 'pending', $6, $7, $6)`,
);
export const wakeMail = sql('mail-wake', `SELECT pg_notify('${MAIL_DUE}', '')`);

// taken by moving its time to the end of a lease: a worker that dies gives it back then
export const claimMails = sql<DueMail>(
  'mail-claim',
  `WITH due AS (SELECT id FROM mail WHERE state = 'pending' AND next_attempt_at <= $1 ORDER BY next_attempt_at LIMIT $3 FOR UPDATE SKIP LOCKED)
   UPDATE mail m SET next_attempt_at = $2 FROM due WHERE m.id = due.id
   RETURNING m.id, m.recipient, m.subject, m.body_sealed AS "bodySealed", m.attempts`,
);
/** Only whoever made the attempt that is counted may say what became of it. */
export const settleMail = sql<{ id: string }>(
  'mail-settle',
  `UPDATE mail SET state = $3, attempts = attempts + 1, next_attempt_at = $4, last_error = $5, sent_at = $6,
     body_sealed = CASE WHEN $3 = 'pending' THEN body_sealed END
   WHERE id = $1 AND attempts = $2 AND state = 'pending' RETURNING id`,
);
export const expireMails = sql(
  'mail-expire',
  `UPDATE mail SET state = 'expired', next_attempt_at = NULL, body_sealed = NULL WHERE state = 'pending' AND expires_at <= $1`,
);
export const pruneMails = sql('mail-prune', `DELETE FROM mail WHERE state <> 'pending' AND created_at < $1`);
export const outboxMails = sql<OutboxMail>(
  'mail-outbox',
  `SELECT id, recipient, subject, body_sealed AS "bodySealed", created_at AS "createdAt" FROM mail WHERE state = 'pending' AND expires_at > $1 ORDER BY created_at DESC, id DESC LIMIT 100`,
);
