import { Injectable } from '@nestjs/common';
import { AppError } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Database, PLATFORM_TENANT_ID, audit, sql } from '@trunkline/platform';
import { edgeErrors } from '../core/errors.ts';
import { sameRemovals } from '../core/removal-brake.ts';
import type { Removals } from '../core/removal-brake.ts';
import { EdgeScopeQueries } from './edge-scope-queries.ts';
import type { EdgeScope } from './edge-scope-queries.ts';
import { EDGE_SWEEP, MAIN_SCOPE, lockScope } from './scope.ts';

const release = sql('edge-sweep-release', `UPDATE edge_scope SET sweep_released_removals = $1 WHERE scope = '${MAIN_SCOPE}'`);
const wake = sql('edge-sweep-wake', `SELECT pg_notify('${EDGE_SWEEP}', '')`);

/** Lets the next sweep remove what the last one did not dare to: exactly the counts that somebody looked at, so that no more goes with them. */
@Injectable()
export class ReleaseSweep {
  constructor(
    private readonly db: Database,
    private readonly scopes: EdgeScopeQueries,
  ) {}

  /** @param removals none for a sweep that was not stopped. @throws AppError resource.not_found, edge.sweep_differs */
  execute(ctx: SystemContext, scope: string, removals: Removals): Promise<EdgeScope> {
    return this.db.tx(ctx, async (tx) => {
      await lockScope(tx);
      const { sweepBlockedRemovals } = await this.scopes.byName(ctx, scope);
      const blocked = sweepBlockedRemovals ?? {};
      if (!sameRemovals(blocked, removals))
        throw new AppError(edgeErrors.sweepDiffers, `The last sweep would have removed ${JSON.stringify(blocked)}`);
      if (sweepBlockedRemovals) await tx.query(release, JSON.stringify(removals));
      await tx.query(wake);
      audit(tx, ctx, 'edge.sweep_released', PLATFORM_TENANT_ID, { scope, removals });
      return this.scopes.byName(ctx, scope);
    });
  }
}
