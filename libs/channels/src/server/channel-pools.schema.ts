import { CHANNEL_KINDS } from '@trunkline/edge-core';
import { moneyToWire, toPublicId } from '@trunkline/kernel';
import type { Period } from '@trunkline/kernel';
import { idIn, idOut, moneyOut, pageQuery, text, timestampOut } from '@trunkline/platform';
import { provisioningOut, provisioningToWire } from '@trunkline/trunks/server';
import type { Provisioning } from '@trunkline/trunks/server';
import { z } from 'zod';
import { many } from './channel-fields.schema.ts';
import type { HeldPool } from './channel-queries.ts';
import type { ShownUse } from './channel-usage.ts';
import type { ChannelOrder, NewChannelOrder } from './order-channels.ts';

export const newOrder = z
  .strictObject({
    offer_id: idIn('channelOffer'),
    channels: many().describe('How many the tenant holds afterwards; 0 gives all back'),
    external_reference: text(120).nullable().default(null),
  })
  .meta({ id: 'NewChannelOrder' });

export const orderQuery = z.strictObject({ ...pageQuery, external_reference: text(120).optional() });

/** An order as `OrderChannels` takes it. */
export const orderOf = (o: z.infer<typeof newOrder>): NewChannelOrder => ({
  offerId: o.offer_id,
  channels: o.channels,
  externalReference: o.external_reference,
});

export const orderOut = z
  .strictObject({
    id: idOut('channelOrder'),
    object: z.literal('channel_order'),
    pool_id: idOut('channelPool'),
    channels_before: z.int(),
    channels: z.int(),
    setup: moneyOut.describe('Once, for what was added'),
    first_month: moneyOut.describe('Of all channels, for the rest of the month of the order'),
    monthly: moneyOut.describe('Of all channels, for every full month after it'),
    external_reference: z.string().nullable(),
    created_at: timestampOut(),
  })
  .meta({ id: 'ChannelOrder' });

export const poolOut = z
  .strictObject({
    id: idOut('channelPool'),
    object: z.literal('channel_pool'),
    offer_id: idOut('channelOffer'),
    name: z.string(),
    countries: z.array(z.string()),
    included_per_number: z.int(),
    channels: z.int(),
    dedicated_channels: z.int().describe('Assigned to numbers'),
    shared_channels: z.int().describe('Assigned to groups'),
    free_channels: z.int().describe('Not assigned: they carry nothing, and can be given back'),
    revision: z.int(),
    provisioning: provisioningOut,
    created_at: timestampOut(),
    updated_at: timestampOut(),
  })
  .meta({ id: 'ChannelPool' });

const month = z
  .string()
  .regex(/^20\d\d-(0[1-9]|1[0-2])$/, 'must be a month like 2026-11')
  .meta({ example: '2026-11' });

export const usageQuery = z.strictObject({ month: month.optional().describe('This one when absent') });

const useOut = z.strictObject({
  pool_id: idOut('channelPool').nullable().describe('null: trunks with channels of their own'),
  kind: z.enum(CHANNEL_KINDS),
  calls: z.int(),
  seconds: z.int(),
  peak: z.int().describe('The most calls at one time'),
  now: z
    .int()
    .nullable()
    .describe('Answered calls that are up, as edges said within the last seconds; null: of another month, or the home edge is silent'),
});

export const usageOut = z
  .strictObject({ object: z.literal('channel_usage'), month: z.string().meta({ example: '2026-11' }), uses: z.array(useOut) })
  .meta({ id: 'ChannelUsage' });

export const usageToWire = (period: Period, uses: readonly ShownUse[]): z.infer<typeof usageOut> => ({
  object: 'channel_usage',
  month: period.from.toISOString().slice(0, 7),
  uses: uses.map(({ poolId, kind, calls, seconds, peak, now }) => ({
    ...{ pool_id: poolId && toPublicId('channelPool', poolId), kind, calls },
    ...{ seconds: Number(seconds), peak, now },
  })),
});

export const orderToWire = (o: ChannelOrder): z.infer<typeof orderOut> => ({
  id: toPublicId('channelOrder', o.id),
  object: 'channel_order',
  pool_id: toPublicId('channelPool', o.poolId),
  channels_before: o.channelsBefore,
  channels: o.channelsAfter,
  setup: moneyToWire(o.setupNanos, o.currency),
  first_month: moneyToWire(o.firstMonthNanos, o.currency),
  monthly: moneyToWire(o.monthlyNanos, o.currency),
  external_reference: o.externalReference,
  created_at: o.createdAt.toISOString(),
});

export const poolToWire = (p: HeldPool, provisioning: Provisioning | undefined): z.infer<typeof poolOut> => {
  const of = (kind: string) => p.assignments.filter((a) => a.kind === kind).reduce((n, a) => n + a.channels, 0);
  return {
    id: toPublicId('channelPool', p.id),
    object: 'channel_pool',
    offer_id: toPublicId('channelOffer', p.offerId),
    name: p.offer.name,
    countries: [...p.offer.countries],
    included_per_number: p.offer.includedPerNumber,
    channels: p.channels,
    dedicated_channels: of('dedicated'),
    shared_channels: of('shared'),
    free_channels: p.channels - p.assigned,
    revision: p.revision,
    provisioning: provisioningToWire(p.revision, provisioning),
    created_at: p.createdAt.toISOString(),
    updated_at: p.updatedAt.toISOString(),
  };
};
