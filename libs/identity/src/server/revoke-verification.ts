import { Injectable } from '@nestjs/common';
import { Clock } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, audit, markDirty, publish } from '@trunkline/platform';
import { revoked } from '../core/verified-number.ts';
import type { VerifiedNumber } from '../core/verified-number.ts';
import { edgeKeyOf, lockVerifiedNumber, updateVerifiedNumber } from './verified-numbers.sql.ts';

/** Takes the right to present a number back; calls that are up go on. */
@Injectable()
export class RevokeVerification {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError resource.not_found, verified_number.not_revocable */
  execute(ctx: TenantContext, id: string): Promise<VerifiedNumber> {
    return this.db.tx(ctx, async (tx) => {
      const before = await lockVerifiedNumber(tx, ctx.tenantId, id);
      const number = revoked(before, this.clock.now());
      await updateVerifiedNumber(tx, ctx.tenantId, number);
      markDirty(tx, 'verified', [edgeKeyOf(ctx.tenantId, number.e164)]);
      audit(tx, ctx, 'verified_number.revoked', id, { e164: number.e164, from: before.state });
      publish(tx, { type: 'verified_number.revoked', tenantId: ctx.tenantId, data: { verifiedNumberId: id, e164: number.e164 } });
      return number;
    });
  }
}
