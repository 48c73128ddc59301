import { CHANNEL_DIRECTIONS, CHANNEL_KINDS } from '@trunkline/edge-core';
import { moneyToWire, toPublicId } from '@trunkline/kernel';
import type { Period } from '@trunkline/kernel';
import { country, currency, idIn, idOut, moneyOut, pageQuery, priceIn, text, timestampOut } from '@trunkline/platform';
import { provisioningOut, provisioningToWire } from '@trunkline/trunks/server';
import type { Provisioning } from '@trunkline/trunks/server';
import { z } from 'zod';
import type { ChannelGroup, NumberChannels, TrunkChannels } from '../core/channel-group.ts';
import { METERED_BY } from '../core/channel-pool.ts';
import type { ChannelOffer, NewChannelOffer } from '../core/channel-pool.ts';
import type { HeldPool } from './channel-queries.ts';
import type { ShownUse } from './channel-usage.ts';
import type { ChannelOrder, NewChannelOrder } from './order-channels.ts';

const many = () => z.int().min(0).max(100_000);
const cap = () => many().nullable().default(null).describe('null: no cap');
const direction = z.enum(CHANNEL_DIRECTIONS);
const caps = () =>
  z.strictObject({ both: cap(), inbound: cap(), outbound: cap() }).describe('The most calls at one time, whatever carries them');

const newStep = z.strictObject({
  from_channels: z.int().min(1).max(100_000).describe('The number of the first channel that costs this'),
  monthly: priceIn(),
  setup: priceIn(),
});
export const newOffer = z
  .strictObject({
    name: text(120).meta({ example: 'Europe' }),
    currency: currency(),
    countries: z.array(country()).min(1).max(250).describe('Of the numbers whose calls its channels carry'),
    included_per_number: z.int().min(0).max(100).default(0).describe('Channels that each number of a pool brings along'),
    minimum_channels: many().default(0).describe('The fewest that a tenant may hold, if it holds any'),
    steps: z.array(newStep).min(1).max(20).describe('What channels cost; each step is paid for its own channels'),
    metered_by: z.enum(METERED_BY).describe('What metered channels are paid by: minutes of calls, or the most used at one time in a month'),
    metered_price: priceIn().describe('Of a minute, or of a channel a month'),
  })
  .meta({ id: 'NewChannelOffer' });
export const offerQuery = z.strictObject({ ...pageQuery, country: country().optional() });

const stepOut = z.strictObject({ from_channels: z.int(), monthly: moneyOut, setup: moneyOut });
export const offerOut = z
  .strictObject({
    id: idOut('channelOffer'),
    object: z.literal('channel_offer'),
    name: z.string(),
    currency: z.string(),
    countries: z.array(z.string()),
    included_per_number: z.int(),
    minimum_channels: z.int(),
    steps: z.array(stepOut),
    metered_by: z.enum(METERED_BY),
    metered_price: moneyOut,
    created_at: timestampOut(),
  })
  .meta({ id: 'ChannelOffer' });

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

const groupFields = {
  name: text(120).meta({ example: 'Sales' }),
  direction: direction.describe('Of the calls that its channels carry'),
  shared_channels: many().describe('Channels of the pool that its numbers and trunks share'),
  metered_channels_max: z.int().min(0).max(1000).describe('How many more calls metered channels may carry'),
  channel_caps: caps(),
};
const NO_CAPS = { both: null, inbound: null, outbound: null };
export const newGroup = z
  .strictObject({
    ...groupFields,
    pool_id: idIn('channelPool'),
    direction: groupFields.direction.default('both'),
    metered_channels_max: groupFields.metered_channels_max.default(0),
    channel_caps: groupFields.channel_caps.default(NO_CAPS),
  })
  .meta({ id: 'NewChannelGroup' });
export const groupChange = z.strictObject(groupFields).partial().meta({ id: 'ChannelGroupChange' });

const capsOut = z.strictObject({ both: z.int().nullable(), inbound: z.int().nullable(), outbound: z.int().nullable() });
export const groupOut = z
  .strictObject({
    id: idOut('channelGroup'),
    object: z.literal('channel_group'),
    pool_id: idOut('channelPool'),
    name: z.string(),
    direction,
    shared_channels: z.int(),
    metered_channels_max: z.int(),
    channel_caps: capsOut,
    revision: z.int(),
    provisioning: provisioningOut,
    created_at: timestampOut(),
    updated_at: timestampOut(),
  })
  .meta({ id: 'ChannelGroup' });

export const numberChannelsChange = z
  .strictObject({
    pool_id: idIn('channelPool').nullable().describe('Where its included and dedicated channels come from'),
    dedicated_channels: many().describe('Channels of the pool that carry calls of this number alone'),
    direction: direction.describe('Of the calls that the dedicated ones carry'),
    group_id: idIn('channelGroup').nullable().describe('Whose channels it shares; null: those of its trunk’s group'),
    channel_caps: caps(),
  })
  .partial()
  .meta({ id: 'NumberChannelsChange' });
export const numberChannelsOut = z
  .strictObject({
    object: z.literal('number_channels'),
    number_id: idOut('number'),
    pool_id: idOut('channelPool').nullable(),
    dedicated_channels: z.int(),
    direction,
    group_id: idOut('channelGroup').nullable(),
    channel_caps: capsOut,
    revision: z.int().describe('The number’s'),
  })
  .meta({ id: 'NumberChannels' });

export const trunkChannelsChange = z
  .strictObject({
    group_id: idIn('channelGroup')
      .nullable()
      .describe('Channels of pools carry its calls; null: those bought with it, channels_max of them'),
    channel_caps: z
      .strictObject({ inbound: cap(), outbound: cap() })
      .describe('The most calls at one time, whatever channels carry them; of both directions, channels_max'),
  })
  .partial()
  .meta({ id: 'TrunkChannelsChange' });
export const trunkChannelsOut = z
  .strictObject({
    object: z.literal('trunk_channels'),
    trunk_id: idOut('trunk'),
    group_id: idOut('channelGroup').nullable(),
    channel_caps: z.strictObject({ inbound: z.int().nullable(), outbound: z.int().nullable() }),
    revision: z.int().describe('The trunk’s'),
  })
  .meta({ id: 'TrunkChannels' });

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

export const offerOf = (b: z.infer<typeof newOffer>): NewChannelOffer => ({
  name: b.name,
  currency: b.currency,
  countries: b.countries,
  includedPerNumber: b.included_per_number,
  minimumChannels: b.minimum_channels,
  steps: b.steps.map((s) => ({ fromChannels: s.from_channels, monthlyNanos: s.monthly, setupNanos: s.setup })),
  meteredBy: b.metered_by,
  meteredNanos: b.metered_price,
});

/** What a body says of settings, under the names that they have here. What it leaves out stays out. */
const renamed = (names: Readonly<Record<string, string>>, body: object): object =>
  Object.fromEntries(Object.entries(body).map(([key, value]) => [names[key] ?? key, value]));
const NAMES = {
  pool_id: 'poolId',
  group_id: 'groupId',
  shared_channels: 'shared',
  dedicated_channels: 'dedicated',
  metered_channels_max: 'meteredMax',
  channel_caps: 'caps',
};
export const settingsOf = <T>(body: object): T => renamed(NAMES, body) as T;

export const offerToWire = (o: ChannelOffer): z.infer<typeof offerOut> => ({
  id: toPublicId('channelOffer', o.id),
  object: 'channel_offer',
  name: o.name,
  currency: o.currency,
  countries: [...o.countries],
  included_per_number: o.includedPerNumber,
  minimum_channels: o.minimumChannels,
  steps: o.steps.map((s) => ({
    from_channels: s.fromChannels,
    monthly: moneyToWire(s.monthlyNanos, o.currency),
    setup: moneyToWire(s.setupNanos, o.currency),
  })),
  metered_by: o.meteredBy,
  metered_price: moneyToWire(o.meteredNanos, o.currency),
  created_at: o.createdAt.toISOString(),
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

export const groupToWire = (g: ChannelGroup, provisioning: Provisioning | undefined): z.infer<typeof groupOut> => ({
  id: toPublicId('channelGroup', g.id),
  object: 'channel_group',
  pool_id: toPublicId('channelPool', g.poolId),
  name: g.name,
  direction: g.direction,
  shared_channels: g.shared,
  metered_channels_max: g.meteredMax,
  channel_caps: g.caps,
  revision: g.revision,
  provisioning: provisioningToWire(g.revision, provisioning),
  created_at: g.createdAt.toISOString(),
  updated_at: g.updatedAt.toISOString(),
});

export const numberChannelsToWire = (n: NumberChannels): z.infer<typeof numberChannelsOut> => ({
  object: 'number_channels',
  number_id: toPublicId('number', n.id),
  pool_id: n.poolId && toPublicId('channelPool', n.poolId),
  dedicated_channels: n.dedicated,
  direction: n.direction,
  group_id: n.groupId && toPublicId('channelGroup', n.groupId),
  channel_caps: n.caps,
  revision: n.revision,
});

export const trunkChannelsToWire = (t: TrunkChannels): z.infer<typeof trunkChannelsOut> => ({
  object: 'trunk_channels',
  trunk_id: toPublicId('trunk', t.id),
  group_id: t.groupId && toPublicId('channelGroup', t.groupId),
  channel_caps: t.caps,
  revision: t.revision,
});
