import { Injectable } from '@nestjs/common';
import { Database, sql } from '@trunkline/platform';
import { groupResources } from '../core/resources.ts';
import { assignHomeEdges } from './assign-home-edges.ts';
import { Recompute } from './recompute.ts';
import { edgeContext, lockScope } from './scope.ts';

const BATCH = 5_000;
const takeDirty = sql<{ type: string; id: string }>(
  'edge-dirty-take',
  `DELETE FROM edge_dirty WHERE seq IN (SELECT seq FROM edge_dirty ORDER BY seq LIMIT ${BATCH}) RETURNING resource_type AS type, resource_id AS id`,
);

/** Recomputes the entries of every resource that was marked dirty. Safe to run anywhere at any time: runs wait for each other. */
@Injectable()
export class CompileEdges {
  constructor(
    private readonly db: Database,
    private readonly recompute: Recompute,
  ) {}

  /** @returns how many marks were worked off */
  async execute(): Promise<number> {
    for (let total = 0; ;) {
      const taken = await this.batch();
      total += taken;
      if (taken < BATCH) return total;
    }
  }

  /**
   * Marks are taken before the resources are read, so what is read is at least as new as each mark. One of a transaction that has not
   * committed yet is neither seen nor deleted, whatever its number.
   */
  private batch(): Promise<number> {
    return this.db.tx(edgeContext, async (tx) => {
      const scope = await lockScope(tx);
      const dirty = await tx.query(takeDirty);
      if (dirty.length === 0) return 0;
      const resources = groupResources(dirty);
      if (resources.tenants.length > 0) await assignHomeEdges(tx, resources.tenants);
      await this.recompute.execute(tx, scope, resources);
      return dirty.length;
    });
  }
}
