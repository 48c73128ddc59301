import { toPublicId } from '@trunkline/kernel';
import { idIn, idOut, text, timestampOut } from '@trunkline/platform';
import { provisioningOut, provisioningToWire } from '@trunkline/trunks/server';
import type { Provisioning } from '@trunkline/trunks/server';
import { z } from 'zod';
import type { ChannelGroup } from '../core/channel-group.ts';
import { caps, capsOut, direction, many } from './channel-fields.schema.ts';

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
