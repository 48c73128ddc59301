import { Inject, Injectable } from '@nestjs/common';
import { AppError, Clock } from '@trunkline/kernel';
import { Database, audit, sql } from '@trunkline/platform';
import { peopleErrors } from '../core/errors.ts';
import { guessesAtMailbox } from '../core/guess-limits.ts';
import { passwordChangedMail, passwordResetMail } from '../core/mails.ts';
import { contextOfCaller } from './caller.ts';
import type { Caller } from './caller.ts';
import { CountGuess } from './count-guess.ts';
import { hashPassword } from './password-hash.ts';
import { refuseBadPassword } from './passwords.ts';
import { PEOPLE_CONFIG } from './people-config.ts';
import type { PeopleConfig } from './people-config.ts';
import { personByEmail, setPassword } from './persons.sql.ts';
import { PostMail } from './post-mail.ts';
import { hashToken, newToken } from './secret-token.ts';
import { revokeSessions } from './sessions.sql.ts';

const HOUR_MS = 3_600_000;
const insert = sql('reset-insert', `INSERT INTO password_reset (hash, person_id, expires_at, created_at) VALUES ($1, $2, $3, $4)`);
const find = sql<{ personId: string; email: string }>(
  'reset-find',
  `SELECT person_id AS "personId", p.email FROM password_reset r JOIN person p ON p.id = r.person_id WHERE r.hash = $1 AND r.used_at IS NULL AND r.expires_at > $2`,
);
// the others go with it: a link in an older mail is no second chance
const use = sql<{ hash: Buffer }>(
  'reset-use',
  `UPDATE password_reset SET used_at = $3 WHERE person_id = $1 AND used_at IS NULL AND EXISTS (SELECT FROM password_reset r WHERE r.hash = $2 AND r.used_at IS NULL AND r.expires_at > $3 FOR UPDATE) RETURNING hash`,
);

/** A new password for whoever reads the mailbox. The authenticator app stays as it is. */
@Injectable()
export class ResetPassword {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly guesses: CountGuess,
    private readonly post: PostMail,
    @Inject(PEOPLE_CONFIG) private readonly config: PeopleConfig,
  ) {}

  /** Mails a link if there is such a person; nothing tells whether there is. @throws AppError auth.too_many_attempts */
  async request(email: string, caller: Caller): Promise<void> {
    await this.guesses.execute(guessesAtMailbox(email, caller.sourceAddress));
    const ctx = contextOfCaller(caller, 'reset password');
    await this.db.tx(ctx, async (tx) => {
      const [person] = await tx.query(personByEmail, email);
      if (!person) return;
      const token = newToken();
      const now = this.clock.now();
      const until = new Date(now.getTime() + HOUR_MS);
      await tx.query(insert, hashToken(token), person.id, until, now);
      await this.post.execute(tx, email, passwordResetMail(this.config.publicUrl, token), until);
      audit(tx, ctx, 'person.password_reset_requested', person.id);
    });
  }

  /** Ends every session of the person. @throws AppError link.invalid */
  async finish(token: string, password: string, caller: Caller): Promise<void> {
    const [reset] = await this.db.ask(contextOfCaller(caller, 'reset password'), find, hashToken(token), this.clock.now());
    if (!reset) throw new AppError(peopleErrors.tokenInvalid);
    refuseBadPassword(password, reset.email);
    const hash = await hashPassword(password);
    const ctx = contextOfCaller(caller, 'reset password', reset.personId);
    await this.db.tx(ctx, async (tx) => {
      const now = this.clock.now();
      const used = await tx.query(use, reset.personId, hashToken(token), now);
      if (!used.some((row) => row.hash.equals(hashToken(token)))) throw new AppError(peopleErrors.tokenInvalid);
      await tx.query(setPassword, reset.personId, hash, now);
      await tx.query(revokeSessions, reset.personId, null, now);
      await this.post.execute(tx, reset.email, passwordChangedMail(), new Date(now.getTime() + 24 * HOUR_MS));
      audit(tx, ctx, 'person.password_reset', reset.personId);
    });
  }
}
