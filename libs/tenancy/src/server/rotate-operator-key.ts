import { Injectable } from '@nestjs/common';
import { AppError, Clock, notFound } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Database, audit, sql } from '@trunkline/platform';
import { apiKeyHint } from '../core/api-key.ts';
import { tenancyErrors } from '../core/errors.ts';
import { hashKey, newApiKey } from './hash-key.ts';
import { forgetKeys } from './known-keys.ts';
import { OperatorKeyQueries } from './operator-key-queries.ts';
import type { OperatorKey } from './operator-key-queries.ts';

const lock = sql<{ revokedAt: Date | null }>(
  'operator-key-lock-one',
  `SELECT revoked_at AS "revokedAt" FROM operator_key WHERE id = $1 FOR UPDATE`,
);
const rotate = sql(
  'operator-key-rotate',
  `UPDATE operator_key SET old_valid_until = $2, old_hash = CASE WHEN $2::timestamptz IS NOT NULL THEN hash END, hash = $3, hint = $4 WHERE id = $1`,
);

/** A new secret for one of the operator's keys; see RotateApiKey. */
@Injectable()
export class RotateOperatorKey {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly queries: OperatorKeyQueries,
  ) {}

  /** @throws AppError resource.not_found, api_key.revoked */
  execute(ctx: SystemContext, id: string, overlapSecs: number): Promise<OperatorKey & { readonly secret: string }> {
    return this.db.tx(ctx, async (tx) => {
      const [found] = await tx.query(lock, id);
      if (!found) throw notFound();
      if (found.revokedAt) throw new AppError(tenancyErrors.keyRevoked);
      const secret = newApiKey();
      const oldValidUntil = overlapSecs === 0 ? null : new Date(this.clock.now().getTime() + overlapSecs * 1000);
      await tx.query(rotate, id, oldValidUntil, hashKey(secret), apiKeyHint(secret));
      forgetKeys(tx);
      audit(tx, ctx, 'operator_key.rotated', id, { oldValidUntil });
      return { ...(await this.queries.byId(ctx, id)), secret };
    });
  }
}
