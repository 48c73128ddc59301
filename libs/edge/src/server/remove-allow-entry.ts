import { Injectable } from '@nestjs/common';
import { notFound } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Database, audit, markDirty, sql } from '@trunkline/platform';

const remove = sql<{ network: string }>('edge-allow-delete', `DELETE FROM edge_allow_entry WHERE id = $1 RETURNING network`);

@Injectable()
export class RemoveAllowEntry {
  constructor(private readonly db: Database) {}

  /** @throws AppError resource.not_found */
  execute(ctx: SystemContext, id: string): Promise<void> {
    return this.db.tx(ctx, async (tx) => {
      const [removed] = await tx.query(remove, id);
      if (!removed) throw notFound();
      markDirty(tx, 'allow_list', ['all']);
      audit(tx, ctx, 'edge_allow_entry.deleted', id, removed);
    });
  }
}
