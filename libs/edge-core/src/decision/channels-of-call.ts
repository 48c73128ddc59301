import { channelDemand } from '../channels/channel-demand.ts';
import type { ChannelDemand } from '../channels/channel-demand.ts';
import type { ChannelGroupValue, ChannelPoolValue, TrunkValue } from '../entries/entry-values.ts';
import { readChannelGroup, readChannelPool } from '../entries/read-channels.ts';
import { readNumber } from '../entries/read-entry.ts';
import type { CallFacts, Lookup } from './call.ts';

/**
 * Which channels may carry the call; null when its trunk has its own.
 * @param digits of the tenant's number that the call is to, or that it presents
 */
export const channelsFor = (call: CallFacts, trunk: TrunkValue, digits: string | null, lookup: Lookup): ChannelDemand | null => {
  if (trunk.channels === null) return null;
  const entry = digits === null ? null : lookup('number', digits);
  const number = entry === null ? null : readNumber(entry).channels;
  const groupId = number !== null && number.groupId !== null ? number.groupId : trunk.channels.groupId;
  const group = groupAt(groupId, lookup);
  return channelDemand({
    direction: call.direction === 'inbound' ? 'inbound' : 'outbound',
    trunkId: call.trunkId || '',
    trunk: trunk.channels,
    digits: entry === null ? null : digits,
    number,
    numberPool: poolAt(number === null ? null : number.poolId, lookup),
    groupId,
    group,
    groupPool: poolAt(group === null ? null : group.poolId, lookup),
  });
};

const groupAt = (id: string, lookup: Lookup): ChannelGroupValue | null => {
  const entry = lookup('channel_group', id);
  return entry === null ? null : readChannelGroup(entry);
};

const poolAt = (id: string | null, lookup: Lookup): ChannelPoolValue | null => {
  const entry = id === null ? null : lookup('channel_pool', id);
  return entry === null ? null : readChannelPool(entry);
};
