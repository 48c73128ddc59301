import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AppError, Clock, systemContext } from '@trunkline/kernel';
import { Database, sql } from '@trunkline/platform';
import { peopleErrors } from '../core/errors.ts';
import { GUESS_LIMITS } from '../core/guess-limits.ts';
import type { Guessed } from '../core/guess-limits.ts';

const count = sql<{ count: number; windowAt: Date }>(
  'guess-count',
  `INSERT INTO guess AS g (subject, count, window_at) VALUES ($1, 1, $2)
   ON CONFLICT (subject) DO UPDATE SET count = CASE WHEN g.window_at <= $3 THEN 1 ELSE g.count + 1 END, window_at = CASE WHEN g.window_at <= $3 THEN $2 ELSE g.window_at END
   RETURNING count, window_at AS "windowAt"`,
);
const forget = sql('guess-forget', `DELETE FROM guess WHERE subject = $1`);
const giveBack = sql('guess-give-back', `UPDATE guess SET count = count - 1 WHERE subject = $1 AND count > 0`);
const prune = sql('guess-prune', `DELETE FROM guess WHERE window_at < $1`);
const context = systemContext('count guesses');
const DAY_MS = 86_400_000;

const hashOf = ({ limit, subject }: Guessed): Buffer => createHash('sha256').update(`${limit} ${subject}`).digest();

/** Bounds how often secrets are guessed at, whoever answers: the counts are in the database, and outlive a request that fails. */
@Injectable()
export class CountGuess {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError auth.too_many_attempts */
  async execute(guesses: readonly Guessed[]): Promise<void> {
    const now = this.clock.now();
    for (const guessed of guesses) {
      const { max, windowSecs } = GUESS_LIMITS[guessed.limit];
      const since = new Date(now.getTime() - windowSecs * 1000);
      const [row] = await this.db.alone(context, (tx) => tx.query(count, hashOf(guessed), now, since));
      if (!row || row.count <= max) continue;
      const waitSecs = Math.ceil((row.windowAt.getTime() + windowSecs * 1000 - now.getTime()) / 1000);
      throw new AppError(peopleErrors.tooManyGuesses, `There were too many attempts; try again in ${waitSecs} seconds`);
    }
  }

  /** After the right answer: what one person mistyped is forgotten. Of an address only this attempt is, or one good account would cover guesses at others. */
  async forget(guesses: readonly Guessed[]): Promise<void> {
    for (const guessed of guesses)
      await this.db.alone(context, (tx) => tx.query(guessed.limit === 'pair' ? forget : giveBack, hashOf(guessed)));
  }

  async prune(): Promise<void> {
    await this.db.tx(context, (tx) => tx.query(prune, new Date(this.clock.now().getTime() - DAY_MS)));
  }
}
