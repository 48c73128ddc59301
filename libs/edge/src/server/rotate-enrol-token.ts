import { Injectable } from '@nestjs/common';
import { Clock, notFound } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Database, audit, sql } from '@trunkline/platform';
import type { EdgeWithToken } from './create-edge.ts';
import { EdgeQueries } from './edge-queries.ts';
import { newEnrolToken } from './enrol-token.ts';

const rotate = sql<{ id: string }>(
  'edge-token-rotate',
  `UPDATE edge SET enrol_token_hash = $2, enrol_expires_at = $3 WHERE id = $1 AND deleted_at IS NULL RETURNING id`,
);

/** A new token, for an edge that never enrolled, lost its key, or is to have another. An edge at work keeps working until the token is used. */
@Injectable()
export class RotateEnrolToken {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly edges: EdgeQueries,
  ) {}

  /** @throws AppError resource.not_found */
  execute(ctx: SystemContext, id: string): Promise<EdgeWithToken> {
    return this.db.tx(ctx, async (tx) => {
      const { token, hash, expiresAt } = newEnrolToken(this.clock.now());
      if ((await tx.query(rotate, id, hash, expiresAt)).length === 0) throw notFound();
      audit(tx, ctx, 'edge.enrol_token_rotated', id);
      return { ...(await this.edges.byId(ctx, id)), enrolToken: token, enrolExpiresAt: expiresAt };
    });
  }
}
