import { Injectable } from '@nestjs/common';
import { AppError, Clock, systemContext } from '@trunkline/kernel';
import { Database, audit } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { peopleErrors } from '../core/errors.ts';
import { guessesAtAccount } from '../core/guess-limits.ts';
import { contextOfCaller } from './caller.ts';
import type { Caller } from './caller.ts';
import { CountGuess } from './count-guess.ts';
import { passkeysOf } from './passkeys.sql.ts';
import { isPassword } from './password-hash.ts';
import { lockPerson, personByEmail } from './persons.sql.ts';
import type { PersonRow } from './persons.sql.ts';
import { SecondFactor } from './second-factor.ts';
import type { GivenFactor } from './second-factor.ts';
import { startSession } from './sessions.sql.ts';
import type { Session } from './sessions.sql.ts';
import { WebAuthn } from './web-authn.ts';

export type Credentials = GivenFactor & { readonly email: string; readonly password: string };

/** Opens a session for whoever knows the password and, where one is set up, has a second factor. */
@Injectable()
export class LogIn {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly guesses: CountGuess,
    private readonly secondFactor: SecondFactor,
    private readonly webAuthn: WebAuthn,
  ) {}

  /** @throws AppError auth.bad_login, auth.second_factor_required, auth.too_many_attempts */
  async execute(given: Credentials, caller: Caller): Promise<{ readonly session: Session; readonly token: string }> {
    const opened = await this.known(given, caller, async (tx, person) => {
      const by = await this.secondFactor.check(tx, person, given);
      const { session, token } = await startSession(tx, person.id, null, caller, this.clock.now());
      const ctx = contextOfCaller(caller, 'log in', person.id);
      audit(tx, ctx, 'person_session.started', session.id, { by });
      return { session, token };
    });
    await this.guesses.forget(guessesAtAccount(given.email, caller.sourceAddress));
    return opened;
  }

  /** What one of the person's passkeys is to sign, for five minutes. Forgives no guess: codes could be tried without end in between. @throws AppError auth.bad_login, auth.too_many_attempts, second_factor.none */
  challenge(given: Pick<Credentials, 'email' | 'password'>, caller: Caller): Promise<Record<string, unknown>> {
    return this.known(given, caller, async (tx, { id }) => {
      const passkeys = await tx.query(passkeysOf, id);
      if (passkeys.length === 0) throw new AppError(peopleErrors.noSecondFactor, 'There is no passkey to log in with');
      return this.webAuthn.askToLogIn(tx, id, passkeys);
    });
  }

  /** Does something for whoever knows the password of an address, with their row locked. */
  private async known<T>(
    { email, password }: Pick<Credentials, 'email' | 'password'>,
    caller: Caller,
    then: (tx: Tx, person: PersonRow) => Promise<T>,
  ): Promise<T> {
    await this.guesses.execute(guessesAtAccount(email, caller.sourceAddress));
    const [person] = await this.db.ask(systemContext('log in'), personByEmail, email);
    const isRight = await isPassword(password, person?.passwordHash ?? null);
    if (!person || !isRight) throw new AppError(peopleErrors.badLogIn);
    return this.db.tx(contextOfCaller(caller, 'log in', person.id), async (tx) => {
      const [locked] = await tx.query(lockPerson, person.id);
      // a password that changed meanwhile is not the one that was checked
      if (locked?.passwordHash !== person.passwordHash) throw new AppError(peopleErrors.badLogIn);
      return then(tx, locked);
    });
  }
}
