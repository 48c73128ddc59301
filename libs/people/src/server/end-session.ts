import { Injectable } from '@nestjs/common';
import { Clock, notFound, systemContext } from '@trunkline/kernel';
import { Database, audit, sql } from '@trunkline/platform';
import { refuseBound } from './confirm-self.ts';
import type { Self } from './confirm-self.ts';
import { CountGuess } from './count-guess.ts';
import { pruneChallenges } from './passkeys.sql.ts';
import { IDLE_MS, pruneSessions, revokeOthers, revokeSession } from './sessions.sql.ts';

const pruneResets = sql('reset-prune', `DELETE FROM password_reset WHERE expires_at < $1`);
const pruneSignUps = sql('sign-up-prune', `DELETE FROM sign_up WHERE expires_at < $1`);
const KEPT_MS = 30 * 86_400_000;

/** The end of a session, at once. */
@Injectable()
export class EndSession {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly guesses: CountGuess,
  ) {}

  /** @throws AppError resource.not_found, auth.bound_session: it ends none but itself */
  execute(self: Self, sessionId: string): Promise<void> {
    if (sessionId !== self.sessionId) refuseBound(self);
    return this.db.tx(self.ctx, async (tx) => {
      const ended = await tx.query(revokeSession, self.personId, sessionId, this.clock.now());
      if (ended.length === 0) throw notFound();
      audit(tx, self.ctx, 'person_session.revoked', sessionId);
    });
  }

  /** Ends all of the person's sessions but the one that asks. @returns how many @throws AppError auth.bound_session */
  others(self: Self): Promise<number> {
    refuseBound(self);
    return this.db.tx(self.ctx, async (tx) => {
      const now = this.clock.now();
      const ended = await tx.query(revokeOthers, self.personId, self.sessionId, now, new Date(now.getTime() - IDLE_MS));
      for (const { id } of ended) audit(tx, self.ctx, 'person_session.revoked', id);
      return ended.length;
    });
  }

  /** Forgets what has been over for a month. */
  async prune(): Promise<void> {
    const before = new Date(this.clock.now().getTime() - KEPT_MS);
    await this.db.tx(systemContext('prune sessions'), async (tx) => {
      for (const statement of [pruneSessions, pruneResets, pruneSignUps, pruneChallenges]) await tx.query(statement, before);
    });
    await this.guesses.prune();
  }
}
