import { Injectable } from '@nestjs/common';
import type { TargetHealth } from '@trunkline/carriers';
import { TargetHealthView } from '@trunkline/carriers/server';
import { Database, sql } from '@trunkline/platform';
import { healthOf } from '../core/target-health.ts';
import type { TargetReport } from '../core/target-health.ts';
import { SILENCE } from './homes.sql.ts';
import { edgeContext } from './scope.ts';

const reports = sql<{ targets: TargetReport }>(
  'edge-target-reports',
  `SELECT status -> 'targets' AS targets FROM edge
   WHERE status -> 'targets' IS NOT NULL AND last_seen_at > clock_timestamp() - interval '${SILENCE}'`,
);

/** From what connected edges reported last; one that is silent says nothing any more. */
@Injectable()
export class EdgeTargetHealthView extends TargetHealthView {
  constructor(private readonly db: Database) {
    super();
  }

  async of(uris: readonly string[]): Promise<ReadonlyMap<string, TargetHealth>> {
    if (uris.length === 0) return new Map();
    const told = (await this.db.ask(edgeContext, reports)).map((r) => r.targets);
    return new Map(uris.map((uri) => [uri, healthOf(uri, told)]));
  }
}
