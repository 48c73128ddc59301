import type { ChannelGroupChange, NewChannelGroup, NumberChannelsChange, TrunkChannelsChange, Trunkline } from '@trunkline/client';
import { NO_NUMBER_CHANNELS, NO_TRUNK_CHANNELS } from './current-channels.ts';
import type { Change, Step } from './plan.ts';

/** Ids by name, those of what was made in this run among them. */
export type Ids = Readonly<Record<'trunks' | 'numbers' | 'pools' | 'groups', Map<string, string>>>;

/** Fields of the file as the API takes them: pools and groups by their ids. */
const wireOf = (fields: Readonly<Record<string, unknown>>, ids: Ids): Record<string, unknown> => {
  const { pool, group, ...values } = fields;
  const idOf = (known: Map<string, string>, name: unknown) => (name === null ? null : known.get(String(name)));
  return {
    ...values,
    ...(pool === undefined ? {} : { pool_id: idOf(ids.pools, pool) }),
    ...(group === undefined ? {} : { group_id: idOf(ids.groups, group) }),
  };
};
const valuesOf = (changes: readonly Change[], ids: Ids): Record<string, unknown> =>
  wireOf(Object.fromEntries(changes.map(({ field, to }) => [field, to])), ids);

export const performOfChannels = async (client: Trunkline, step: Step, ids: Ids): Promise<void> => {
  const ofTrunk = (id: string | undefined, body: object) =>
    client.updateTrunkChannels({ path: { id: id ?? '' }, body: body as TrunkChannelsChange });
  const ofNumber = (id: string | undefined, body: object) =>
    client.updateNumberChannels({ path: { id: id ?? '' }, body: body as NumberChannelsChange });
  switch (step.kind) {
    case 'order_channels': {
      const { pool_id } = await client.orderChannels({ body: { offer_id: step.id, channels: Number(step.changes[0]?.to) } });
      ids.pools.set(step.name, pool_id);
      return;
    }
    case 'create_channel_group': {
      const { id } = await client.createChannelGroup({ body: { name: step.name, ...valuesOf(step.changes, ids) } as NewChannelGroup });
      ids.groups.set(step.name, id);
      return;
    }
    case 'update_channel_group':
      await client.updateChannelGroup({ path: { id: step.id }, body: valuesOf(step.changes, ids) as ChannelGroupChange });
      return;
    case 'update_trunk_channels':
      await ofTrunk(ids.trunks.get(step.name), valuesOf(step.changes, ids));
      return;
    case 'update_number_channels':
      await ofNumber(ids.numbers.get(step.name), valuesOf(step.changes, ids));
      return;
    case 'clear_trunk_channels':
      await ofTrunk(step.id, wireOf(NO_TRUNK_CHANNELS, ids));
      return;
    case 'clear_number_channels':
      await ofNumber(step.id, wireOf(NO_NUMBER_CHANNELS, ids));
      return;
    case 'delete_channel_group':
      await client.deleteChannelGroup({ path: { id: step.id } });
      return;
    case 'release_channels':
      await client.orderChannels({ body: { offer_id: step.id, channels: 0 } });
  }
};
