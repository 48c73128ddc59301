import { Injectable } from '@nestjs/common';
import { AppError, invalidField } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Database } from '@trunkline/platform';
import type { LoggedIn, Tx } from '@trunkline/platform';
import { peopleErrors } from '../core/errors.ts';
import { guessesAtAccount } from '../core/guess-limits.ts';
import { CountGuess } from './count-guess.ts';
import { isPassword } from './password-hash.ts';
import { lockPerson, personById } from './persons.sql.ts';
import type { PersonRow } from './persons.sql.ts';

/** Somebody who is logged in, about to change their own account. */
export type Self = LoggedIn & { readonly ctx: SystemContext };

/** @throws AppError auth.bound_session: a tenant's identity provider says who acts in that tenant, no more */
export const refuseBound = ({ boundTenantId }: Self): void => {
  if (boundTenantId !== null) throw new AppError(peopleErrors.boundSession);
};

/** Asks for the password again before something is changed that whoever finds an open browser must not change. */
@Injectable()
export class ConfirmSelf {
  constructor(
    private readonly db: Database,
    private readonly guesses: CountGuess,
  ) {}

  /** @throws AppError auth.bound_session, auth.too_many_attempts, request.invalid */
  async execute(self: Self, password: string, pointer = '/password'): Promise<PersonRow> {
    refuseBound(self);
    const [person] = await this.db.ask(self.ctx, personById, self.personId);
    if (!person) throw new Error('a session of nobody');
    const counted = guessesAtAccount(person.email, self.ctx.sourceAddress ?? '');
    await this.guesses.execute(counted);
    if (!(await isPassword(password, person.passwordHash))) throw invalidField(pointer, 'wrong', 'This is not your password');
    await this.guesses.forget(counted);
    return person;
  }
}

/** Whoever was confirmed, locked. A password that changed meanwhile is not the one that was checked: a thief must not undo its reset. @throws AppError request.invalid */
export const lockConfirmed = async (tx: Tx, { id, passwordHash }: PersonRow, pointer = '/password'): Promise<PersonRow> => {
  const [person] = await tx.query(lockPerson, id);
  if (!person || person.passwordHash !== passwordHash) throw invalidField(pointer, 'wrong', 'This is not your password');
  return person;
};
