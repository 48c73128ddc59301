import type { ChannelGroup, ChannelOffer, ChannelPool, Number as TenantNumber, Trunk, Trunkline } from '@trunkline/client';
import { allOf } from '@trunkline/client';
import { gather } from './gather.ts';

export type Fields = Readonly<Record<string, unknown>>;
/** Channels as a file tells them: everything by its name, with pools and groups by theirs. */
export type CurrentChannels = {
  /** ids by name */
  readonly offers: ReadonlyMap<string, string>;
  readonly poolIds: ReadonlyMap<string, string>;
  readonly groupIds: ReadonlyMap<string, string>;
  readonly pools: ReadonlyMap<string, Fields>;
  readonly groups: ReadonlyMap<string, Fields>;
  /** of every trunk and number, those that have none apart */
  readonly trunks: ReadonlyMap<string, Fields>;
  readonly numbers: ReadonlyMap<string, Fields>;
};

export const NO_TRUNK_CHANNELS: Fields = { group: null, channel_caps: { inbound: null, outbound: null } };
export const NO_NUMBER_CHANNELS: Fields = {
  ...{ pool: null, dedicated_channels: 0, direction: 'both', group: null },
  channel_caps: { both: null, inbound: null, outbound: null },
};

const idsOf = (items: readonly { readonly name: string; readonly id: string }[]): ReadonlyMap<string, string> =>
  new Map(items.map(({ name, id }) => [name, id]));

/** A tenant without pools has no number with channels, and is not asked for each. */
export const readChannels = async (
  client: Trunkline,
  trunks: readonly Trunk[],
  numbers: readonly TenantNumber[],
): Promise<CurrentChannels> => {
  const offers = await gather(allOf<ChannelOffer>((page) => client.listAvailableChannelOffers({ query: page })));
  const pools = await gather(allOf<ChannelPool>((page) => client.listChannelPools({ query: page })));
  const groups = await gather(allOf<ChannelGroup>((page) => client.listChannelGroups({ query: page })));
  const poolNames = new Map(pools.map(({ id, name }) => [id, name]));
  const groupNames = new Map(groups.map(({ id, name }) => [id, name]));
  const ofTrunks = new Map<string, Fields>();
  for (const { id, name } of trunks) {
    const { group_id, channel_caps } = await client.getTrunkChannels({ path: { id } });
    ofTrunks.set(name, { group: groupNames.get(group_id ?? '') ?? null, channel_caps });
  }
  const ofNumbers = new Map<string, Fields>();
  for (const { id, number } of pools.length === 0 ? [] : numbers) {
    const { pool_id, group_id, dedicated_channels, direction, channel_caps } = await client.getNumberChannels({ path: { id } });
    const names = { pool: poolNames.get(pool_id ?? '') ?? null, group: groupNames.get(group_id ?? '') ?? null };
    ofNumbers.set(number, { ...names, dedicated_channels, direction, channel_caps });
  }
  return {
    offers: new Map([
      ...offers.map(({ name, id }) => [name, id] as const),
      ...pools.map(({ name, offer_id }) => [name, offer_id] as const),
    ]),
    poolIds: idsOf(pools),
    groupIds: idsOf(groups),
    pools: new Map(pools.filter(({ channels }) => channels > 0).map(({ name, channels }) => [name, { channels }])),
    groups: new Map(groups.map((group) => [group.name, fieldsOfGroup(group, poolNames)])),
    trunks: ofTrunks,
    numbers: ofNumbers,
  };
};

const fieldsOfGroup = ({ pool_id, ...group }: ChannelGroup, poolNames: ReadonlyMap<string, string>): Fields => {
  const { direction, shared_channels, metered_channels_max, channel_caps } = group;
  return { pool: poolNames.get(pool_id) ?? null, direction, shared_channels, metered_channels_max, channel_caps };
};
