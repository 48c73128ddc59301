import { moneyToWire, toPublicId } from '@trunkline/kernel';
import { country, currency, idOut, moneyOut, pageQuery, priceIn, text, timestampOut } from '@trunkline/platform';
import { z } from 'zod';
import { METERED_BY } from '../core/channel-pool.ts';
import type { ChannelOffer, NewChannelOffer } from '../core/channel-pool.ts';
import { many } from './channel-fields.schema.ts';

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
