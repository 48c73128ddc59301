import { Injectable } from '@nestjs/common';
import type { SystemContext } from '@trunkline/kernel';
import { Database, sql } from '@trunkline/platform';
import type { AllowEntry } from './allow-address.ts';

const all = sql<AllowEntry>(
  'edge-allow-list',
  `SELECT id, network, note, created_at AS "createdAt" FROM edge_allow_entry ORDER BY network`,
);

@Injectable()
export class AllowListQueries {
  constructor(private readonly db: Database) {}

  list(ctx: SystemContext): Promise<AllowEntry[]> {
    return this.db.read(ctx, (tx) => tx.query(all));
  }
}
