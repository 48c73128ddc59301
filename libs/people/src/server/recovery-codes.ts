import { Injectable } from '@nestjs/common';
import { AppError } from '@trunkline/kernel';
import { Database, audit } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { peopleErrors } from '../core/errors.ts';
import { ConfirmSelf, lockConfirmed } from './confirm-self.ts';
import type { Self } from './confirm-self.ts';
import { passkeysOf } from './passkeys.sql.ts';
import { deleteRecoveryCodes, insertRecoveryCodes } from './persons.sql.ts';
import { hashRecoveryCode, newRecoveryCodes } from './totp.ts';

/** New codes in place of those that there are. */
export const replaceRecoveryCodes = async (tx: Tx, personId: string): Promise<readonly string[]> => {
  const codes = newRecoveryCodes();
  await tx.query(deleteRecoveryCodes, personId);
  await tx.query(insertRecoveryCodes, personId, codes.map(hashRecoveryCode));
  return codes;
};

/** New recovery codes for whoever has used theirs up, or lost them. */
@Injectable()
export class RenewRecoveryCodes {
  constructor(
    private readonly db: Database,
    private readonly confirmSelf: ConfirmSelf,
  ) {}

  /** @throws AppError second_factor.none */
  async execute(self: Self, password: string): Promise<readonly string[]> {
    const confirmed = await this.confirmSelf.execute(self, password);
    return this.db.tx(self.ctx, async (tx) => {
      const { totpEnabledAt } = await lockConfirmed(tx, confirmed);
      const isGuarded = totpEnabledAt || (await tx.query(passkeysOf, self.personId)).length > 0;
      if (!isGuarded) throw new AppError(peopleErrors.noSecondFactor);
      audit(tx, self.ctx, 'person.recovery_codes_renewed', self.personId);
      return replaceRecoveryCodes(tx, self.personId);
    });
  }
}
