import { Injectable } from '@nestjs/common';
import type { ChannelKind } from '@trunkline/edge-core';
import { Clock, monthOf } from '@trunkline/kernel';
import type { Period, TenantContext } from '@trunkline/kernel';
import { Database, sql } from '@trunkline/platform';
import { ChannelsInUseView } from './channels-in-use-view.ts';
import type { ChannelsInUse } from './channels-in-use-view.ts';

/** What channels of one kind carried: of a pool, or (null) of trunks that have their own. */
export type ChannelUse = {
  readonly poolId: string | null;
  readonly kind: ChannelKind;
  readonly calls: number;
  readonly seconds: bigint;
  readonly peak: number; // the most calls at one time
};
/** `now`: calls that are up; null: not known. */
export type ShownUse = ChannelUse & { readonly now: number | null };

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

/** How much of its channels a tenant used in a month, from the records of calls that have ended; and uses, by what its edges say. */
@Injectable()
export class ChannelUsage {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly inUse: ChannelsInUseView,
  ) {}

  /** @param month this one when absent */
  async execute(ctx: TenantContext, month?: Period): Promise<{ month: Period; uses: ShownUse[] }> {
    const present = monthOf(this.clock.now());
    const asked = month ?? present;
    const uses = await this.db.ask(ctx, find, ctx.tenantId, asked.from, asked.to);
    const now = asked.from.getTime() === present.from.getTime() ? await this.inUse.of(ctx) : null;
    return { month: asked, uses: withNow(uses, now) };
  }
}

const idOf = ({ poolId, kind }: Pick<ChannelUse, 'poolId' | 'kind'>): string => `${kind} ${poolId}`;

/** What is used for the first time this month comes last. */
const withNow = (uses: readonly ChannelUse[], now: readonly ChannelsInUse[] | null): ShownUse[] => {
  if (now === null) return uses.map((use) => ({ ...use, now: null }));
  const calls = new Map(now.map((use) => [idOf(use), use.calls]));
  const ended = new Set(uses.map(idOf));
  const begun = now.filter((use) => !ended.has(idOf(use)));
  return [
    ...uses.map((use) => ({ ...use, now: calls.get(idOf(use)) ?? 0 })),
    ...begun.map(({ poolId, kind, calls: up }) => ({ poolId, kind, calls: 0, seconds: 0n, peak: up, now: up })),
  ];
};
