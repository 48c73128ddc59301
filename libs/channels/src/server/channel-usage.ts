import { Injectable } from '@nestjs/common';
import type { ChannelKind } from '@trunkline/edge-core';
import { Clock, monthOf } from '@trunkline/kernel';
import type { Period, TenantContext } from '@trunkline/kernel';
import { Database, sql } from '@trunkline/platform';

/** What channels of one kind carried: of a pool, or (null) of trunks that have their own. */
export type ChannelUse = {
  readonly poolId: string | null;
  readonly kind: ChannelKind;
  readonly calls: number;
  readonly seconds: bigint;
  readonly peak: number; // the most calls at one time
};

// no call lasts a day; so much before the month lies the start of one that is up in it
const find = sql<ChannelUse>(
  'channel-usage',
  `WITH carried AS (
     SELECT channel_pool_id AS pool, channel_kind AS kind, greatest(answered_at, $2) AS since, least(ended_at, $3) AS until FROM cdr
     WHERE tenant_id = $1 AND started_at >= $2::timestamptz - interval '1 day' AND started_at < $3 AND channel_kind IS NOT NULL AND answered_at < $3 AND ended_at > $2
   ), up AS (
     SELECT pool, kind, sum(step) OVER (PARTITION BY pool, kind ORDER BY at, step) AS calls
     FROM (SELECT pool, kind, since AS at, 1 AS step FROM carried UNION ALL SELECT pool, kind, until, -1 FROM carried) s
   ), peaks AS (SELECT pool, kind, max(calls)::int AS peak FROM up GROUP BY 1, 2)
   SELECT c.pool AS "poolId", c.kind, count(*)::int AS calls, sum(ceil(extract(epoch FROM c.until - c.since)))::bigint AS seconds, p.peak
   FROM carried c JOIN peaks p ON p.kind = c.kind AND p.pool IS NOT DISTINCT FROM c.pool GROUP BY 1, 2, 5
   ORDER BY c.pool NULLS FIRST, array_position(ARRAY['trunk', 'included', 'dedicated', 'shared', 'metered'], c.kind)`,
);

/** How much of its channels a tenant used in a month, from the records of calls that have ended. */
@Injectable()
export class ChannelUsage {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @param month this one when absent */
  async execute(ctx: TenantContext, month: Period = monthOf(this.clock.now())): Promise<{ month: Period; uses: ChannelUse[] }> {
    return { month, uses: await this.db.ask(ctx, find, ctx.tenantId, month.from, month.to) };
  }
}
