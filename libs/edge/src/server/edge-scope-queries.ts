import { Injectable } from '@nestjs/common';
import { notFound } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Database, sql } from '@trunkline/platform';
import type { Removals } from '../core/removal-brake.ts';

/** What the edges of a scope should have, and how the last sweep went. */
export type EdgeScope = {
  readonly scope: string;
  readonly version: bigint;
  readonly sweptAt: Date | null;
  readonly sweepRepaired: number | null;
  readonly sweepBlocked: string | null;
  readonly sweepBlockedRemovals: Removals | null;
  readonly sweepReleasedRemovals: Removals | null;
};

const find = sql<EdgeScope>(
  'edge-scope-one',
  `SELECT scope, version, swept_at AS "sweptAt", sweep_repaired AS "sweepRepaired", sweep_blocked AS "sweepBlocked",
     sweep_blocked_removals AS "sweepBlockedRemovals", sweep_released_removals AS "sweepReleasedRemovals" FROM edge_scope WHERE scope = $1`,
);

@Injectable()
export class EdgeScopeQueries {
  constructor(private readonly db: Database) {}

  /** @throws AppError resource.not_found */
  byName(ctx: SystemContext, scope: string): Promise<EdgeScope> {
    return this.db.read(ctx, async (tx) => {
      const [found] = await tx.query(find, scope);
      if (!found) throw notFound();
      return found;
    });
  }
}
