import { id, integer, orNull, text } from './event-fields.ts';
import type { EventDefinitions } from './event-fields.ts';

const trunk = { trunkId: id('trunk') };
const revision = integer(2);
const released = { numberId: id('number'), e164: text('+442079460958') };
const channelGroup = { channelGroupId: id('channelGroup') };

/** Of channels, and what they carry. */
export const channelEvents = {
  'channel_pool.resized': {
    summary: 'Channels of an offer were ordered or given back: the tenant holds so many',
    data: { channelPoolId: id('channelPool'), channelOrderId: id('channelOrder'), channels: integer(30), revision },
  },
  'channel_group.created': { summary: 'A channel group was created', data: channelGroup },
  'channel_group.updated': { summary: 'A channel group was changed', data: { ...channelGroup, revision } },
  'channel_group.deleted': { summary: 'A channel group was deleted', data: channelGroup },
  'number.channels_changed': {
    summary: 'A number has other channels, another group or other caps',
    data: { ...released, dedicatedChannels: integer(2), revision },
  },
  'trunk.channels_changed': {
    summary: 'Channels of pools carry the trunk’s calls, or its own again',
    data: { ...trunk, channelGroupId: orNull(id('channelGroup')), revision },
  },
} as const satisfies EventDefinitions;
