import { Injectable } from '@nestjs/common';
import { Clock, invalidField, newId } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { postSetup } from '@trunkline/ledger/server';
import { Database, audit, markDirty, publish, sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { steppedPrice, unitsBySteps } from '@trunkline/rating';
import { replaceStepped } from '@trunkline/rating/server';
import { claimAllotment } from '@trunkline/tenancy/server';
import { resizePool } from '../core/channel-pool.ts';
import type { ChannelOffer, ChannelPool } from '../core/channel-pool.ts';
import { assignmentsOf, lockPoolOfOffer, readOffers, resizePoolRow, tenantCurrency } from './channels.sql.ts';

/** One change of what a tenant holds of an offer, as it was priced. */
export type ChannelOrder = {
  readonly id: string;
  readonly poolId: string;
  readonly channelsBefore: number;
  readonly channelsAfter: number;
  readonly currency: string;
  readonly setupNanos: bigint; //      once, for what was added
  readonly firstMonthNanos: bigint; // for the rest of the month
  readonly monthlyNanos: bigint; //    for every full month after it
  readonly externalReference: string | null;
  readonly createdAt: Date;
};

const insert = sql(
  'channel-order-insert',
  `INSERT INTO channel_order (tenant_id, id, pool_id, channels_before, channels_after, currency, setup_nanos, first_month_nanos, monthly_nanos, created_at, external_reference)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
);

export type NewChannelOrder = {
  readonly offerId: string;
  readonly channels: number; // how many the tenant holds after it; 0 gives all back
  readonly externalReference?: string | null; // what the tenant calls the order
};

/** Orders channels of an offer, or gives some back: the tenant then holds as many as it says. Calls that are up finish, whatever it says. */
@Injectable()
export class OrderChannels {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError request.invalid, channel_pool.assigned, tenant.allotment_used_up, kyc.required, ledger.balance_too_low */
  execute(ctx: TenantContext, input: NewChannelOrder): Promise<ChannelOrder> {
    return this.db.tx(ctx, async (tx) => {
      const now = this.clock.now();
      const offer = await this.offerFor(tx, ctx, input.offerId);
      const before = await lockPoolOfOffer(tx, ctx.tenantId, newId(), offer.id, now);
      const pool = resizePool(before, offer, input.channels, await assignmentsOf(tx, ctx.tenantId, [before.id]), now);
      if (pool === before) throw invalidField('/channels', 'unchanged', `The tenant holds ${pool.channels} channels of this offer`);
      await claimAllotment(tx, ctx, { channels: pool.channels - before.channels, pointer: '/channels' }, now);
      await resizePoolRow(tx, ctx.tenantId, pool);
      await charge(tx, ctx.tenantId, offer, before, pool);
      const order = await record(tx, ctx.tenantId, offer, before, pool, input.externalReference ?? null);
      markDirty(tx, 'channel_pool', [pool.id]);
      const told = { channelPoolId: pool.id, channelOrderId: order.id, channels: pool.channels };
      audit(tx, ctx, 'channel_pool.resized', pool.id, { ...told, channelsBefore: before.channels });
      publish(tx, { type: 'channel_pool.resized', tenantId: ctx.tenantId, data: { ...told, revision: pool.revision } });
      return order;
    });
  }

  private async offerFor(tx: Tx, { tenantId }: TenantContext, offerId: string): Promise<ChannelOffer> {
    const [offer] = await readOffers(tx, [offerId]);
    if (!offer) throw invalidField('/offer_id', 'unknown', 'No such offer');
    const currency = await tenantCurrency(tx, tenantId);
    if (offer.currency !== currency)
      throw invalidField('/offer_id', 'currency', `The offer is in ${offer.currency}, the tenant in ${currency}`);
    return offer;
  }
}

/** Each step at its own price: its channels by the month from today on, the setup of those that were added at once. */
const charge = async (tx: Tx, tenantId: string, { name, currency, steps }: ChannelOffer, before: ChannelPool, pool: ChannelPool) => {
  const units = unitsBySteps(steps, 0, pool.channels);
  await replaceStepped(tx, { tenantId, resourceId: pool.id, description: name, currency, units }, pool.updatedAt);
  for (const { quantity, setupNanos, fromChannels } of unitsBySteps(steps, before.channels, pool.channels)) {
    const reference = `${pool.id}:${pool.revision}:${fromChannels}`;
    const amountNanos = setupNanos * BigInt(quantity);
    await postSetup(tx, { tenantId, currency, unit: 'channel', quantity, amountNanos, reference, at: pool.updatedAt });
  }
};

const record = async (
  tx: Tx,
  tenantId: string,
  offer: ChannelOffer,
  before: ChannelPool,
  pool: ChannelPool,
  externalReference: string | null,
): Promise<ChannelOrder> => {
  const price = steppedPrice(offer.steps, before.channels, pool.channels, pool.updatedAt);
  const sizes = { channelsBefore: before.channels, channelsAfter: pool.channels };
  const order = {
    id: newId(),
    poolId: pool.id,
    ...sizes,
    currency: offer.currency,
    ...price,
    externalReference,
    createdAt: pool.updatedAt,
  };
  const { setupNanos, firstMonthNanos, monthlyNanos } = price;
  const amounts = [order.currency, setupNanos, firstMonthNanos, monthlyNanos];
  await tx.query(insert, tenantId, order.id, pool.id, before.channels, pool.channels, ...amounts, order.createdAt, externalReference);
  return order;
};
