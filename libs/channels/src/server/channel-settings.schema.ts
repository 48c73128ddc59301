import { toPublicId } from '@trunkline/kernel';
import { idIn, idOut } from '@trunkline/platform';
import { z } from 'zod';
import type { NumberChannels, TrunkChannels } from '../core/channel-group.ts';
import { cap, caps, capsOut, direction, many } from './channel-fields.schema.ts';

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
