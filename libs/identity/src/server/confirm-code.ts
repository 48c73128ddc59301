import { Injectable } from '@nestjs/common';
import { AppError, Clock } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, audit, markDirty, publish } from '@trunkline/platform';
import { identityErrors } from '../core/errors.ts';
import { confirmed } from '../core/verified-number.ts';
import type { VerifiedNumber } from '../core/verified-number.ts';
import { Codes } from './codes.ts';
import { edgeKeyOf, lockVerifiedNumber, readVerifiedNumber, updateVerifiedNumber } from './verified-numbers.sql.ts';

@Injectable()
export class ConfirmCode {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly codes: Codes,
  ) {}

  /** @throws AppError resource.not_found, verified_number.not_pending, code_spent, code_wrong */
  async execute(ctx: TenantContext, id: string, code: string): Promise<VerifiedNumber> {
    const { state } = await this.db.read(ctx, (tx) => readVerifiedNumber(tx, ctx.tenantId, id));
    if (state !== 'pending') throw new AppError(identityErrors.notPending);
    // counted before its answer is known, by itself: a request that fails, or many at once, are no way around
    const isRight = await this.db.alone(ctx, (tx) => this.codes.attempt(tx, ctx.tenantId, id, code, this.clock.now()));
    if (isRight === undefined) throw new AppError(identityErrors.codeSpent);
    if (!isRight) throw wrong();
    return this.db.tx(ctx, async (tx) => {
      const number = confirmed(await lockVerifiedNumber(tx, ctx.tenantId, id), this.clock.now());
      await updateVerifiedNumber(tx, ctx.tenantId, number);
      markDirty(tx, 'verified', [edgeKeyOf(ctx.tenantId, number.e164)]);
      const { e164, right, expiresAt } = number;
      audit(tx, ctx, 'verified_number.verified', id, { e164, right, expiresAt });
      publish(tx, { type: 'verified_number.verified', tenantId: ctx.tenantId, data: { verifiedNumberId: id, e164, right, expiresAt } });
      return number;
    });
  }
}

const wrong = (): AppError => {
  const { title } = identityErrors.codeWrong;
  return new AppError(identityErrors.codeWrong, undefined, { errors: [{ pointer: '/code', code: 'wrong', detail: title }] });
};
