import { Injectable } from '@nestjs/common';
import { ChannelsInUseView } from '@trunkline/channels/server';
import type { ChannelsInUse } from '@trunkline/channels/server';
import type { ChannelUseReport } from '@trunkline/edge-core';
import type { TenantContext } from '@trunkline/kernel';
import { Database, sql } from '@trunkline/platform';
import { SILENCE } from './homes.sql.ts';
import { edgeContext } from './scope.ts';

type Row = { home: boolean; complete: boolean; uses: ChannelUseReport[] };

// of every edge that is heard of: where the home was before, calls may still be up
const reports = sql<Row>(
  'channel-reports',
  `SELECT e.id IS NOT DISTINCT FROM t.home_edge_id AS home, coalesce((e.status -> 'channels' ->> 'complete')::boolean, false) AS complete,
     coalesce((SELECT jsonb_agg(u) FROM jsonb_array_elements(e.status -> 'channels' -> 'uses') u WHERE u ->> 'tenant_id' = t.id::text), '[]') AS uses
   FROM tenant t CROSS JOIN edge e WHERE t.id = $1 AND e.last_seen_at > clock_timestamp() - interval '${SILENCE}'`,
);

/** From what edges reported last, every five seconds. */
@Injectable()
export class EdgeChannelsInUseView extends ChannelsInUseView {
  constructor(private readonly db: Database) {
    super();
  }

  async of(ctx: TenantContext): Promise<readonly ChannelsInUse[] | null> {
    const rows = await this.db.ask(edgeContext, reports, ctx.tenantId);
    if (!rows.some((r) => r.home && r.complete)) return null;
    const sums = new Map<string, ChannelsInUse>();
    for (const { pool_id: poolId, kind, calls } of rows.flatMap((r) => r.uses)) {
      const key = `${kind} ${poolId}`;
      sums.set(key, { poolId, kind, calls: calls + (sums.get(key)?.calls ?? 0) });
    }
    return [...sums.values()];
  }
}
