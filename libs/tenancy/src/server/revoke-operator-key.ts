import { Injectable } from '@nestjs/common';
import { AppError, Clock, notFound } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Database, audit, sql } from '@trunkline/platform';
import { tenancyErrors } from '../core/errors.ts';
import { forgetKeys } from './known-keys.ts';

const lock = sql('operator-key-lock', `LOCK TABLE operator_key IN EXCLUSIVE MODE`);
const others = sql<{ revokedAt: Date | null; more: boolean }>(
  'operator-key-others',
  `SELECT revoked_at AS "revokedAt", EXISTS (SELECT FROM operator_key o WHERE o.id <> k.id AND o.revoked_at IS NULL AND o.expires_at IS NULL) AS more
   FROM operator_key k WHERE k.id = $1`,
);
const revoke = sql('operator-key-revoke', `UPDATE operator_key SET revoked_at = $2 WHERE id = $1`);

/** The very next request with the key is refused. A platform keeps a key that never expires, or nobody could ever act on it again. */
@Injectable()
export class RevokeOperatorKey {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError resource.not_found, operator_key.last */
  execute(ctx: SystemContext, id: string): Promise<void> {
    return this.db.tx(ctx, async (tx) => {
      await tx.query(lock); // two that revoke each other's key must not both succeed
      const [key] = await tx.query(others, id);
      if (!key) throw notFound();
      if (key.revokedAt) return;
      if (!key.more) throw new AppError(tenancyErrors.lastOperatorKey);
      await tx.query(revoke, id, this.clock.now());
      forgetKeys(tx);
      audit(tx, ctx, 'operator_key.revoked', id);
    });
  }
}
