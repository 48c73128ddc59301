import { Injectable } from '@nestjs/common';
import { AppError, Clock, invalidField } from '@trunkline/kernel';
import { Database, Sealer, audit } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { peopleErrors } from '../core/errors.ts';
import { guessesAtAccount } from '../core/guess-limits.ts';
import { ConfirmSelf, lockConfirmed, refuseBound } from './confirm-self.ts';
import type { Self } from './confirm-self.ts';
import { CountGuess } from './count-guess.ts';
import { passkeysOf } from './passkeys.sql.ts';
import { deleteRecoveryCodes, lockPerson, setTotp, takeRecoveryCode } from './persons.sql.ts';
import type { PersonRow } from './persons.sql.ts';
import { replaceRecoveryCodes } from './recovery-codes.ts';
import { sealOfTotp } from './second-factor.ts';
import type { GivenFactor } from './second-factor.ts';
import { hashRecoveryCode, newTotpKey, stepOfCode, totpUri } from './totp.ts';

/** The authenticator app (RFC 6238): a key is given out, counts from its first code on, and is taken back. */
@Injectable()
export class SetUpTotp {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly sealer: Sealer,
    private readonly guesses: CountGuess,
    private readonly confirmSelf: ConfirmSelf,
  ) {}

  /** A key for the app, shown this once. @throws AppError totp.wrong_state */
  async begin(self: Self, password: string): Promise<{ readonly secret: string; readonly uri: string }> {
    const confirmed = await this.confirmSelf.execute(self, password);
    return this.db.tx(self.ctx, async (tx) => {
      const person = await lockConfirmed(tx, confirmed);
      if (person.totpEnabledAt) throw new AppError(peopleErrors.totpState);
      const secret = newTotpKey();
      await tx.query(setTotp, person.id, this.sealer.seal(secret, sealOfTotp(person.id)), null, null, this.clock.now());
      return { secret, uri: totpUri(secret, person.email) };
    });
  }

  /** From now on a code is needed to log in. Returns the recovery codes, shown this once. @throws AppError totp.wrong_state */
  async finish(self: Self, code: string): Promise<readonly string[]> {
    refuseBound(self);
    await this.guesses.execute(guessesAtAccount(self.personId, self.ctx.sourceAddress ?? ''));
    return this.db.tx(self.ctx, async (tx) => {
      const person = await locked(tx, self);
      if (person.totpEnabledAt || !person.totpSealed) throw new AppError(peopleErrors.totpState);
      const now = this.clock.now();
      await tx.query(setTotp, person.id, person.totpSealed, now, this.stepOf(person, code), now);
      audit(tx, self.ctx, 'person.totp_enabled', person.id);
      return replaceRecoveryCodes(tx, person.id);
    });
  }

  /** By a code, or by a recovery code when the app is lost. @throws AppError totp.wrong_state */
  async end(self: Self, password: string, { code = '', recoveryCode }: GivenFactor): Promise<void> {
    const confirmed = await this.confirmSelf.execute(self, password);
    await this.guesses.execute(guessesAtAccount(self.personId, self.ctx.sourceAddress ?? ''));
    await this.db.tx(self.ctx, async (tx) => {
      const person = await lockConfirmed(tx, confirmed);
      if (!person.totpEnabledAt) throw new AppError(peopleErrors.totpState);
      if (recoveryCode === undefined) this.stepOf(person, code);
      else await this.spend(tx, person, recoveryCode);
      await tx.query(setTotp, person.id, null, null, null, this.clock.now());
      if ((await tx.query(passkeysOf, person.id)).length === 0) await tx.query(deleteRecoveryCodes, person.id);
      audit(tx, self.ctx, 'person.totp_disabled', person.id);
    });
  }

  private async spend(tx: Tx, { id }: PersonRow, recoveryCode: string): Promise<void> {
    const taken = await tx.query(takeRecoveryCode, id, hashRecoveryCode(recoveryCode), this.clock.now());
    if (taken.length === 0) throw invalidField('/recovery_code', 'wrong', 'This is none of your recovery codes, or it was used');
  }

  private stepOf({ id, totpSealed, totpLastStep }: PersonRow, code: string): bigint {
    const step = totpSealed && stepOfCode(this.sealer.open(totpSealed, sealOfTotp(id)), code, this.clock.now(), totpLastStep);
    if (step === undefined || step === null) throw invalidField('/code', 'wrong', 'This is not a code of now, or it was used');
    return step;
  }
}

const locked = async (tx: Tx, { personId }: Self): Promise<PersonRow> => {
  const [person] = await tx.query(lockPerson, personId);
  if (!person) throw new Error('a session of nobody');
  return person;
};
