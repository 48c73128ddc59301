import { Injectable } from '@nestjs/common';
import { Clock, notFound, pageOf, positionOf } from '@trunkline/kernel';
import type { Page, PageQuery, SystemContext, TenantContext } from '@trunkline/kernel';
import { readNumber } from '@trunkline/numbers/server';
import { Database, sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { readTrunk } from '@trunkline/trunks/server';
import type { ChannelGroup, NumberChannels, TrunkChannels } from '../core/channel-group.ts';
import { assignedOf } from '../core/channel-pool.ts';
import type { ChannelAssignment, ChannelOffer, ChannelPool } from '../core/channel-pool.ts';
import { listGroups, readGroups } from './channel-groups.sql.ts';
import { channelsOfNumber, channelsOfTrunk } from './channel-settings.sql.ts';
import { assignmentsOf, listOffers, listPools, readOffers, readPools } from './channels.sql.ts';
import type { ChannelOrder } from './order-channels.ts';

/** A pool with what it was bought of and who holds its channels. */
export type HeldPool = ChannelPool & {
  readonly offer: ChannelOffer;
  readonly assigned: number;
  readonly assignments: readonly ChannelAssignment[];
};

const ORDER = `SELECT id, pool_id AS "poolId", channels_before AS "channelsBefore", channels_after AS "channelsAfter", currency, setup_nanos AS "setupNanos",
  first_month_nanos AS "firstMonthNanos", monthly_nanos AS "monthlyNanos", external_reference AS "externalReference", created_at AS "createdAt" FROM channel_order`;
const orders = sql<ChannelOrder>(
  'channel-order-list',
  `${ORDER} WHERE tenant_id = $1 AND (created_at, id) < ($2, $3) AND ($5::text IS NULL OR external_reference = $5) ORDER BY created_at DESC, id DESC LIMIT $4`,
);
const order = sql<ChannelOrder>('channel-order-one', `${ORDER} WHERE tenant_id = $1 AND id = $2`);

type OrderQuery = PageQuery & { readonly externalReference?: string | undefined };
type OfferQuery = PageQuery & { readonly country?: string | undefined };

@Injectable()
export class ChannelQueries {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  offers(ctx: SystemContext, { limit, cursor, country }: OfferQuery): Promise<Page<ChannelOffer>> {
    return this.db.read(ctx, async (tx) => pageOf(await listOffers(tx, positionOf(cursor), limit + 1, country), limit));
  }

  /** What the tenant can order: offers in its currency. */
  availableOffers(ctx: TenantContext, { limit, cursor, country }: OfferQuery): Promise<Page<ChannelOffer>> {
    return this.db.read(ctx, async (tx) => pageOf(await listOffers(tx, positionOf(cursor), limit + 1, country, ctx.tenantId), limit));
  }

  pools(ctx: TenantContext, { limit, cursor }: PageQuery): Promise<Page<HeldPool>> {
    return this.db.read(ctx, async (tx) => {
      const { data, nextCursor } = pageOf(await listPools(tx, ctx.tenantId, positionOf(cursor), limit + 1), limit);
      return { data: await held(tx, ctx.tenantId, data), nextCursor };
    });
  }

  /** @throws AppError resource.not_found */
  pool(ctx: TenantContext, id: string): Promise<HeldPool> {
    return this.db.read(ctx, async (tx) => found(await held(tx, ctx.tenantId, await readPools(tx, ctx.tenantId, [id]))));
  }

  groups(ctx: TenantContext, { limit, cursor }: PageQuery): Promise<Page<ChannelGroup>> {
    return this.db.read(ctx, async (tx) => pageOf(await listGroups(tx, ctx.tenantId, positionOf(cursor), limit + 1), limit));
  }

  /** @throws AppError resource.not_found */
  group(ctx: TenantContext, id: string): Promise<ChannelGroup> {
    return this.db.read(ctx, async (tx) => found(await readGroups(tx, ctx.tenantId, [id])));
  }

  orders(ctx: TenantContext, { limit, cursor, externalReference }: OrderQuery): Promise<Page<ChannelOrder>> {
    const { createdAt, id } = positionOf(cursor);
    return this.db.read(ctx, async (tx) =>
      pageOf(await tx.query(orders, ctx.tenantId, createdAt, id, limit + 1, externalReference ?? null), limit),
    );
  }

  /** @throws AppError resource.not_found */
  order(ctx: TenantContext, id: string): Promise<ChannelOrder> {
    return this.db.read(ctx, async (tx) => found(await tx.query(order, ctx.tenantId, id)));
  }

  /** @throws AppError resource.not_found */
  ofNumber(ctx: TenantContext, id: string): Promise<NumberChannels> {
    const now = this.clock.now();
    return this.db.read(ctx, async (tx) => channelsOfNumber(tx, ctx.tenantId, await readNumber(tx, ctx.tenantId, id, now)));
  }

  /** @throws AppError resource.not_found */
  ofTrunk(ctx: TenantContext, id: string): Promise<TrunkChannels> {
    return this.db.read(ctx, async (tx) => channelsOfTrunk(tx, ctx.tenantId, await readTrunk(tx, ctx.tenantId, id)));
  }
}

const found = <T>([item]: readonly T[]): T => {
  if (item === undefined) throw notFound();
  return item;
};

const held = async (tx: Tx, tenantId: string, pools: readonly ChannelPool[]): Promise<HeldPool[]> => {
  const offers = await readOffers(tx, pools.map((p) => p.offerId)); // prettier-ignore
  const all = await assignmentsOf(tx, tenantId, pools.map((p) => p.id)); // prettier-ignore
  return pools.map((pool) => {
    const assignments = all.filter((a) => a.poolId === pool.id);
    return { ...pool, offer: found(offers.filter((o) => o.id === pool.offerId)), assigned: assignedOf(assignments), assignments };
  });
};
