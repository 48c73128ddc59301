import { Injectable } from '@nestjs/common';
import type { AuthenticationResponseJSON } from '@simplewebauthn/server';
import { AppError, Clock } from '@trunkline/kernel';
import { Sealer } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { peopleErrors } from '../core/errors.ts';
import { passkeysOf, usePasskey } from './passkeys.sql.ts';
import type { Passkey } from './passkeys.sql.ts';
import { takeRecoveryCode, takeStep } from './persons.sql.ts';
import type { PersonRow } from './persons.sql.ts';
import { hashRecoveryCode, stepOfCode } from './totp.ts';
import { WebAuthn } from './web-authn.ts';

/** What may be given beside the password. */
export type GivenFactor = {
  readonly code?: string | undefined;
  readonly recoveryCode?: string | undefined;
  readonly passkey?: AuthenticationResponseJSON | undefined;
};

export const sealOfTotp = (personId: string): string => `totp:${personId}`;

/** Asks whoever has set one up for a second factor: a code of the authenticator app, a passkey, or a recovery code, each taken once. */
@Injectable()
export class SecondFactor {
  constructor(
    private readonly clock: Clock,
    private readonly sealer: Sealer,
    private readonly webAuthn: WebAuthn,
  ) {}

  /** @returns what let the person in. @throws AppError auth.second_factor_required, auth.bad_login */
  async check(tx: Tx, person: PersonRow, { code, recoveryCode, passkey }: GivenFactor): Promise<string> {
    const passkeys = await tx.query(passkeysOf, person.id);
    if (!person.totpEnabledAt && passkeys.length === 0) return 'password';
    if (recoveryCode !== undefined) {
      const taken = await tx.query(takeRecoveryCode, person.id, hashRecoveryCode(recoveryCode), this.clock.now());
      return taken.length > 0 ? 'recovery_code' : refuse();
    }
    if (passkey !== undefined) return this.byPasskey(tx, person, passkeys, passkey);
    if (code === undefined) throw new AppError(peopleErrors.secondFactor);
    return this.byCode(tx, person, code);
  }

  private async byCode(tx: Tx, { id, totpEnabledAt, totpSealed, totpLastStep }: PersonRow, code: string): Promise<string> {
    if (!totpEnabledAt || !totpSealed) return refuse();
    const step = stepOfCode(this.sealer.open(totpSealed, sealOfTotp(id)), code, this.clock.now(), totpLastStep);
    if (step === undefined) return refuse();
    await tx.query(takeStep, id, step);
    return 'totp';
  }

  private async byPasskey(tx: Tx, { id }: PersonRow, passkeys: readonly Passkey[], given: AuthenticationResponseJSON): Promise<string> {
    const passkey = passkeys.find(({ credentialId }) => credentialId === given.id);
    const signCount = passkey && (await this.webAuthn.signed(tx, id, passkey, given));
    if (!passkey || signCount === undefined) return refuse();
    await tx.query(usePasskey, passkey.id, signCount, this.clock.now());
    return 'passkey';
  }
}

const refuse = (): never => {
  throw new AppError(peopleErrors.badLogIn);
};
