import { Injectable } from '@nestjs/common';
import { Clock } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Database, audit, markDirty, publish } from '@trunkline/platform';
import { reviewed } from '../core/verified-number.ts';
import type { Verdict } from '../core/verified-number.ts';
import { edgeKeyOf, expireVerifiedNumbers, lockAnyonesVerifiedNumber, updateVerifiedNumber } from './verified-numbers.sql.ts';
import type { TenantsVerifiedNumber } from './verified-numbers.sql.ts';

/** What becomes of a number that was shown papers for: the operator's answer, and later that time went by. */
@Injectable()
export class ReviewVerification {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError resource.not_found, verified_number.not_in_review */
  execute(ctx: SystemContext, id: string, verdict: Verdict): Promise<TenantsVerifiedNumber> {
    return this.db.tx(ctx, async (tx) => {
      const before = await lockAnyonesVerifiedNumber(tx, id);
      const number = { ...reviewed(before, verdict, this.clock.now()), tenantId: before.tenantId };
      await updateVerifiedNumber(tx, number.tenantId, number);
      markDirty(tx, 'verified', [edgeKeyOf(number.tenantId, number.e164)]);
      const { tenantId, e164, right, reason, expiresAt } = number;
      audit(tx, ctx, `verified_number.${verdict.state}`, id, { tenantId, e164, right, reason, expiresAt });
      const data = { verifiedNumberId: id, e164, right, reason, expiresAt };
      publish(tx, { type: `verified_number.${verdict.state}`, tenantId, data });
      return number;
    });
  }

  /** Tells tenants of proofs whose time is over. That they are, the edges see by the clock. @returns how many */
  expire(ctx: SystemContext): Promise<number> {
    return this.db.tx(ctx, async (tx) => {
      const expired = await expireVerifiedNumbers(tx, this.clock.now());
      for (const { id, tenantId, e164 } of expired)
        publish(tx, { type: 'verified_number.expired', tenantId, data: { verifiedNumberId: id, e164 } });
      markDirty(tx, 'verified', expired.map((n) => edgeKeyOf(n.tenantId, n.e164))); // prettier-ignore
      return expired.length;
    });
  }
}
