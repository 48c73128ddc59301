import type { ChannelCaps, ChannelDirection, DirectionCaps } from '../channels/channel-kind.ts';
import type { ChannelGroupValue, ChannelPoolValue, NumberChannels, TrunkChannels } from './entry-values.ts';
import { count, countOrNull, fault, fieldsOf, parse, string, stringOrNull } from './read-fields.ts';

const capsOf = (value: unknown): ChannelCaps => {
  const f = fieldsOf(value, 'caps');
  return { both: countOrNull(f, 'both'), inbound: countOrNull(f, 'inbound'), outbound: countOrNull(f, 'outbound') };
};

export const directionCapsOf = (value: unknown): DirectionCaps => {
  if (value === undefined) return { inbound: null, outbound: null };
  const f = fieldsOf(value, 'channel caps');
  return { inbound: countOrNull(f, 'inbound'), outbound: countOrNull(f, 'outbound') };
};

const directionOf = (value: unknown): ChannelDirection =>
  value === 'both' || value === 'inbound' || value === 'outbound' ? value : fault('direction');

export const trunkChannelsOf = (value: unknown): TrunkChannels => {
  const f = fieldsOf(value, 'trunk channels');
  return { groupId: string(f, 'groupId'), caps: capsOf(f.caps) };
};

export const numberChannelsOf = (value: unknown): NumberChannels => {
  const f = fieldsOf(value, 'number channels');
  return {
    poolId: stringOrNull(f, 'poolId'),
    dedicated: count(f, 'dedicated'),
    direction: directionOf(f.direction),
    groupId: stringOrNull(f, 'groupId'),
    caps: capsOf(f.caps),
  };
};

export const readChannelPool = (json: string): ChannelPoolValue => {
  const f = parse(json, 'channel pool');
  return { channels: count(f, 'channels'), includedPerNumber: count(f, 'includedPerNumber') };
};

export const readChannelGroup = (json: string): ChannelGroupValue => {
  const f = parse(json, 'channel group');
  return {
    poolId: string(f, 'poolId'),
    shared: count(f, 'shared'),
    meteredMax: count(f, 'meteredMax'),
    direction: directionOf(f.direction),
    caps: capsOf(f.caps),
  };
};
