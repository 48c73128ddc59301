import { Injectable } from '@nestjs/common';
import { AppError, Clock, systemContext } from '@trunkline/kernel';
import { Database, Sealer, audit } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { peopleErrors } from '../core/errors.ts';
import { guessesAtAccount } from '../core/guess-limits.ts';
import { contextOfCaller } from './caller.ts';
import type { Caller } from './caller.ts';
import { CountGuess } from './count-guess.ts';
import { isPassword } from './password-hash.ts';
import { lockPerson, personByEmail, takeRecoveryCode, takeStep } from './persons.sql.ts';
import type { PersonRow } from './persons.sql.ts';
import { startSession } from './sessions.sql.ts';
import type { Session } from './sessions.sql.ts';
import { hashRecoveryCode, stepOfCode } from './totp.ts';

export type Credentials = {
  readonly email: string;
  readonly password: string;
  readonly code?: string | undefined;
  readonly recoveryCode?: string | undefined;
};

export const sealOfTotp = (personId: string): string => `totp:${personId}`;

/** Opens a session for whoever knows the password and, where it is set up, a code of the authenticator app or a recovery code. */
@Injectable()
export class LogIn {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly sealer: Sealer,
    private readonly guesses: CountGuess,
  ) {}

  /** @throws AppError auth.bad_login, auth.second_factor_required, auth.too_many_attempts */
  async execute(given: Credentials, caller: Caller): Promise<{ readonly session: Session; readonly token: string }> {
    const counted = guessesAtAccount(given.email, caller.sourceAddress);
    await this.guesses.execute(counted);
    const [person] = await this.db.ask(systemContext('log in'), personByEmail, given.email);
    const isRight = await isPassword(given.password, person?.passwordHash ?? null);
    if (!person || !isRight) throw new AppError(peopleErrors.badLogIn);
    const ctx = contextOfCaller(caller, 'log in', person.id);
    const opened = await this.db.tx(ctx, async (tx) => {
      const [locked] = await tx.query(lockPerson, person.id);
      // a password that changed meanwhile is not the one that was checked
      if (locked?.passwordHash !== person.passwordHash) throw new AppError(peopleErrors.badLogIn);
      const by = await this.secondFactor(tx, locked, given);
      const { session, token } = await startSession(tx, person.id, null, caller, this.clock.now());
      audit(tx, ctx, 'person_session.started', session.id, { by });
      return { session, token };
    });
    await this.guesses.forget(counted);
    return opened;
  }

  /** What was given beside the password. */
  private async secondFactor(tx: Tx, person: PersonRow, { code, recoveryCode }: Credentials): Promise<string> {
    if (!person.totpEnabledAt || !person.totpSealed) return 'password';
    if (recoveryCode !== undefined) {
      const taken = await tx.query(takeRecoveryCode, person.id, hashRecoveryCode(recoveryCode), this.clock.now());
      if (taken.length === 0) throw new AppError(peopleErrors.badLogIn);
      return 'recovery_code';
    }
    if (code === undefined) throw new AppError(peopleErrors.secondFactor);
    const key = this.sealer.open(person.totpSealed, sealOfTotp(person.id));
    const step = stepOfCode(key, code, this.clock.now(), person.totpLastStep);
    if (step === undefined) throw new AppError(peopleErrors.badLogIn);
    await tx.query(takeStep, person.id, step);
    return 'totp';
  }
}
