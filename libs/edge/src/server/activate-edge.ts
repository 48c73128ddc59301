import { Injectable } from '@nestjs/common';
import { AppError, notFound } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Database, audit } from '@trunkline/platform';
import { edgeErrors } from '../core/errors.ts';
import { EdgeQueries } from './edge-queries.ts';
import type { Edge } from './edge-queries.ts';
import { homes, isAtWork, lockEdge, setEdgeState } from './homes.sql.ts';
import { moveTenantsBack } from './move-homes.ts';
import { lockScope } from './scope.ts';

/** Puts an edge back to work after a drain, or after it was lost, and when told so brings back the tenants that were moved away from it. */
@Injectable()
export class ActivateEdge {
  constructor(
    private readonly db: Database,
    private readonly edges: EdgeQueries,
  ) {}

  /** @throws AppError resource.not_found, edge.not_at_work when tenants are to return to an edge that cannot carry their calls */
  execute(ctx: SystemContext, id: string, { returnTenants }: { readonly returnTenants: boolean }): Promise<Edge> {
    return this.db.tx(ctx, async (tx) => {
      await lockScope(tx);
      const [edge] = await tx.query(lockEdge, id);
      if (!edge) throw notFound();
      if (edge.state !== 'active') {
        await tx.query(setEdgeState, id, 'active');
        audit(tx, ctx, 'edge.activated', id);
      }
      if (!returnTenants) return this.edges.byId(ctx, id);
      const home = (await tx.query(homes)).find((e) => e.id === id);
      if (!home || !isAtWork(home)) throw new AppError(edgeErrors.notAtWork);
      await moveTenantsBack(tx, ctx, home);
      return this.edges.byId(ctx, id);
    });
  }
}
