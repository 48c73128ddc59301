import { Injectable } from '@nestjs/common';
import { Clock } from '@trunkline/kernel';
import { Database, audit } from '@trunkline/platform';
import { passwordChangedMail } from '../core/mails.ts';
import { ConfirmSelf, lockConfirmed } from './confirm-self.ts';
import type { Self } from './confirm-self.ts';
import { hashPassword } from './password-hash.ts';
import { refuseBadPassword } from './passwords.ts';
import { setPassword } from './persons.sql.ts';
import { PostMail } from './post-mail.ts';
import { revokeSessions } from './sessions.sql.ts';

const DAY_MS = 86_400_000;

/** Takes a new password from whoever knows the old one, and ends their other sessions. */
@Injectable()
export class ChangePassword {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly confirm: ConfirmSelf,
    private readonly post: PostMail,
  ) {}

  /** @throws AppError auth.bound_session, request.invalid */
  async execute(self: Self, current: string, next: string): Promise<void> {
    const person = await this.confirm.execute(self, current, '/current_password');
    refuseBadPassword(next, person.email, '/new_password');
    const hash = await hashPassword(next);
    await this.db.tx(self.ctx, async (tx) => {
      const now = this.clock.now();
      await lockConfirmed(tx, person, '/current_password');
      await tx.query(setPassword, self.personId, hash, now);
      await tx.query(revokeSessions, self.personId, self.sessionId, now);
      await this.post.execute(tx, person.email, passwordChangedMail(), new Date(now.getTime() + DAY_MS));
      audit(tx, self.ctx, 'person.password_changed', self.personId);
    });
  }
}
