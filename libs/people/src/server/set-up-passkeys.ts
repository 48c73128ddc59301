import { Injectable } from '@nestjs/common';
import type { RegistrationResponseJSON } from '@simplewebauthn/server';
import { AppError, Clock, invalidField, newId, notFound } from '@trunkline/kernel';
import { Database, audit } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { peopleErrors } from '../core/errors.ts';
import { ConfirmSelf, lockConfirmed, refuseBound } from './confirm-self.ts';
import type { Self } from './confirm-self.ts';
import { deletePasskey, insertPasskey, passkeysOf } from './passkeys.sql.ts';
import type { Passkey } from './passkeys.sql.ts';
import { deleteRecoveryCodes, lockPerson } from './persons.sql.ts';
import type { PersonRow } from './persons.sql.ts';
import { replaceRecoveryCodes } from './recovery-codes.ts';
import { WebAuthn } from './web-authn.ts';

const PASSKEYS_MAX = 10;

/** `recoveryCodes`: shown this once, when this is the person's first second factor. */
export type AddedPasskey = { readonly passkey: Passkey; readonly recoveryCodes: readonly string[] | null };

/** A person's passkeys: the password says who may add one and take one away, the browser makes it. */
@Injectable()
export class SetUpPasskeys {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly confirmSelf: ConfirmSelf,
    private readonly webAuthn: WebAuthn,
  ) {}

  list(self: Self): Promise<Passkey[]> {
    return this.db.ask(self.ctx, passkeysOf, self.personId);
  }

  /** What the browser makes it by, good for five minutes. @throws AppError passkey.limit_reached, passkey.unavailable */
  async begin(self: Self, password: string): Promise<Record<string, unknown>> {
    const confirmed = await this.confirmSelf.execute(self, password);
    return this.db.tx(self.ctx, async (tx) => {
      const person = await lockConfirmed(tx, confirmed);
      await refuseMore(tx, self);
      return this.webAuthn.askToCreate(tx, person);
    });
  }

  /** From now on logging in takes a second factor. @throws AppError request.invalid, passkey.limit_reached */
  finish(self: Self, name: string, credential: RegistrationResponseJSON): Promise<AddedPasskey> {
    refuseBound(self);
    return this.db.tx(self.ctx, async (tx) => {
      const { totpEnabledAt } = await locked(tx, self);
      const before = await refuseMore(tx, self);
      const made = await this.webAuthn.created(tx, self.personId, credential);
      const kept = made && [made.id, Buffer.from(made.publicKey), made.counter, made.transports ?? []];
      const [passkey] = kept ? await tx.query(insertPasskey, newId(), self.personId, name, ...kept, this.clock.now()) : [];
      if (!passkey)
        throw invalidField(
          '/credential',
          'wrong',
          'This was not made for a challenge of yours of the last five minutes, or is kept already',
        );
      audit(tx, self.ctx, 'person.passkey_added', self.personId, { passkeyId: passkey.id, name });
      const isFirst = before === 0 && totpEnabledAt === null;
      return { passkey, recoveryCodes: isFirst ? await replaceRecoveryCodes(tx, self.personId) : null };
    });
  }

  /** @throws AppError resource.not_found */
  async remove(self: Self, id: string, password: string): Promise<void> {
    const confirmed = await this.confirmSelf.execute(self, password);
    await this.db.tx(self.ctx, async (tx) => {
      const { totpEnabledAt } = await lockConfirmed(tx, confirmed);
      const [gone] = await tx.query(deletePasskey, self.personId, id);
      if (!gone) throw notFound();
      const isLast = totpEnabledAt === null && (await tx.query(passkeysOf, self.personId)).length === 0;
      if (isLast) await tx.query(deleteRecoveryCodes, self.personId);
      audit(tx, self.ctx, 'person.passkey_removed', self.personId, { passkeyId: id, name: gone.name });
    });
  }
}

const refuseMore = async (tx: Tx, { personId }: Self): Promise<number> => {
  const { length } = await tx.query(passkeysOf, personId);
  if (length >= PASSKEYS_MAX) throw new AppError(peopleErrors.passkeysFull);
  return length;
};

const locked = async (tx: Tx, { personId }: Self): Promise<PersonRow> => {
  const [person] = await tx.query(lockPerson, personId);
  if (!person) throw new Error('a session of nobody');
  return person;
};
