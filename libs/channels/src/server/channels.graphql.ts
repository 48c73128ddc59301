import { Inject, Injectable } from '@nestjs/common';
import { camelKeys, toPublicId } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import {
  GRAPH,
  addFilteredList,
  addItem,
  addList,
  addMutation,
  addValue,
  inputOf,
  objectOf,
  operatorOnly,
  operatorReads,
  scoped,
} from '@trunkline/platform';
import type { Graph } from '@trunkline/platform';
import { ProvisioningView, TrunksGraphql, shown } from '@trunkline/trunks/server';
import type { Provisioning } from '@trunkline/trunks/server';
import type { ChannelGroup, ChannelGroupSettings, NumberChannelSettings, TrunkChannelSettings } from '../core/channel-group.ts';
import { ChangeNumberChannels } from './change-number-channels.ts';
import { ChangeTrunkChannels } from './change-trunk-channels.ts';
import { ChannelQueries } from './channel-queries.ts';
import { settingsOf } from './channel-fields.schema.ts';
import { groupChange, groupOut, groupToWire, newGroup } from './channel-groups.schema.ts';
import { newOffer, offerOf, offerOut, offerQuery, offerToWire } from './channel-offers.schema.ts';
import {
  newOrder,
  orderOf,
  orderOut,
  orderQuery,
  orderToWire,
  poolOut,
  poolToWire,
  usageOut,
  usageToWire,
} from './channel-pools.schema.ts';
import {
  numberChannelsChange,
  numberChannelsOut,
  numberChannelsToWire,
  trunkChannelsChange,
  trunkChannelsOut,
  trunkChannelsToWire,
} from './channel-settings.schema.ts';
import { ChannelUsage } from './channel-usage.ts';
import { CreateChannelGroup } from './create-channel-group.ts';
import { CreateChannelOffer } from './create-channel-offer.ts';
import { DeleteChannelGroup } from './delete-channel-group.ts';
import { OrderChannels } from './order-channels.ts';
import { UpdateChannelGroup } from './update-channel-group.ts';

const read = scoped('trunks:read');
const write = scoped('trunks:write');

/** What REST would send, with the provisioning that the graph has a type for. */
const inGraph = <T extends { readonly revision: number }>(wire: T, reached: Provisioning | undefined): T => ({
  ...wire,
  provisioning: shown(wire.revision, reached),
});

/** Offers, pools and their orders, groups, and which channels carry the calls of a number or a trunk. */
@Injectable()
export class ChannelsGraphql {
  constructor(
    @Inject(GRAPH) private readonly graph: Graph,
    private readonly queries: ChannelQueries,
    private readonly provisioning: ProvisioningView,
    private readonly trunks: TrunksGraphql,
    usage: ChannelUsage,
    private readonly createOffer: CreateChannelOffer,
    private readonly order: OrderChannels,
  ) {
    this.defineOffers();
    this.definePools();
    this.defineOrders();
    addValue(graph, 'channelUsage', read, {
      ...{ type: objectOf(graph, usageOut), description: 'How much of its channels the tenant uses this month, by kind' },
      find: async (ctx) => {
        const { month, uses } = await usage.execute(ctx);
        return usageToWire(month, uses);
      },
    });
  }

  private defineOffers(): void {
    const { graph, queries } = this;
    const type = objectOf(graph, offerOut);
    addFilteredList(graph, 'channelOffers', operatorReads, {
      ...{ type, description: 'The offers of channels', query: offerQuery },
      list: (ctx, query) => queries.offers(ctx, query),
      toNode: offerToWire,
    });
    addFilteredList(graph, 'availableChannelOffers', read, {
      ...{ type, description: 'The offers of channels that the tenant can order', query: offerQuery },
      list: (ctx, query) => queries.availableOffers(ctx, query),
      toNode: offerToWire,
    });
    addMutation(graph, 'createChannelOffer', operatorOnly, {
      ...{ type, description: 'Offer channels for a set of countries', input: inputOf(graph, newOffer) },
      run: async (ctx, { input }) => offerToWire(await this.createOffer.execute(ctx, offerOf(input))),
    });
  }

  private definePools(): void {
    const { graph, queries } = this;
    const one = async (ctx: TenantContext, id: string) => {
      const pool = await queries.pool(ctx, id);
      return inGraph(poolToWire(pool, undefined), (await this.provisioning.of(ctx, 'channel_pool', [pool])).get(id));
    };
    const type = objectOf(graph, poolOut, {
      types: { provisioning: this.trunks.provisioning as never },
      loadOne: (id, reach) => one(read.contextOf(reach), id),
    });
    addList(graph, 'channelPools', read, {
      ...{ type, description: 'What the tenant holds of offers' },
      list: async (ctx, query) => {
        const { data, nextCursor } = await queries.pools(ctx, query);
        const reached = await this.provisioning.of(ctx, 'channel_pool', data);
        return { data: data.map((pool) => ({ ...pool, reached: reached.get(pool.id) })), nextCursor };
      },
      toNode: ({ reached, ...pool }) => inGraph(poolToWire(pool, undefined), reached),
    });
    addItem(graph, 'channelPool', read, { type, description: 'What the tenant holds of an offer', kind: 'channelPool', find: one });
  }

  private defineOrders(): void {
    const { graph, queries } = this;
    const type = objectOf(graph, orderOut, { loadOne: async (id, reach) => orderToWire(await queries.order(read.contextOf(reach), id)) });
    addFilteredList(graph, 'channelOrders', read, {
      ...{ type, description: 'Orders of channels', query: orderQuery },
      list: (ctx, query) => queries.orders(ctx, camelKeys(query)),
      toNode: orderToWire,
    });
    addItem(graph, 'channelOrder', read, {
      ...{ type, description: 'An order of channels', kind: 'channelOrder' as const },
      find: async (ctx, id) => orderToWire(await queries.order(ctx, id)),
    });
    addMutation(graph, 'orderChannels', write, {
      ...{ type, description: 'Order channels of an offer, or give some back', input: inputOf(graph, newOrder) },
      run: async (ctx, { input }) => orderToWire(await this.order.execute(ctx, orderOf(input))),
    });
  }
}

@Injectable()
export class ChannelGroupsGraphql {
  constructor(
    @Inject(GRAPH) private readonly graph: Graph,
    private readonly queries: ChannelQueries,
    private readonly provisioning: ProvisioningView,
    private readonly trunks: TrunksGraphql,
    create: CreateChannelGroup,
    update: UpdateChannelGroup,
    remove: DeleteChannelGroup,
  ) {
    const type = this.defineReads();
    addMutation(graph, 'createChannelGroup', write, {
      ...{ type, description: 'Let numbers and trunks share channels of a pool', input: inputOf(graph, newGroup) },
      run: async (ctx, { input }) =>
        inGraph(groupToWire(await create.execute(ctx, settingsOf<ChannelGroupSettings & { poolId: string }>(input)), undefined), undefined),
    });
    addMutation(graph, 'updateChannelGroup', write, {
      ...{ type, description: 'Change a channel group: what is left out stays as it is', ids: { id: 'channelGroup' as const } },
      input: inputOf(graph, groupChange),
      run: async (ctx, { id, input }) => this.wire(ctx, await update.execute(ctx, id, settingsOf<Partial<ChannelGroupSettings>>(input))),
    });
    addMutation(graph, 'deleteChannelGroup', write, {
      ...{ type: 'ID' as const, description: 'Delete a channel group that nothing is in', ids: { id: 'channelGroup' as const } },
      run: async (ctx, { id }) => {
        await remove.execute(ctx, id);
        return toPublicId('channelGroup', id);
      },
    });
  }

  private defineReads() {
    const { graph, queries } = this;
    const one = async (ctx: TenantContext, id: string) => this.wire(ctx, await queries.group(ctx, id));
    const type = objectOf(graph, groupOut, {
      types: { provisioning: this.trunks.provisioning as never },
      loadOne: (id, reach) => one(read.contextOf(reach), id),
    });
    addList(graph, 'channelGroups', read, {
      ...{ type, description: 'Channel groups' },
      list: async (ctx, query) => {
        const { data, nextCursor } = await queries.groups(ctx, query);
        const reached = await this.provisioning.of(ctx, 'channel_group', data);
        return { data: data.map((group) => ({ ...group, reached: reached.get(group.id) })), nextCursor };
      },
      toNode: ({ reached, ...group }) => inGraph(groupToWire(group, undefined), reached),
    });
    addItem(graph, 'channelGroup', read, { type, description: 'A channel group', kind: 'channelGroup', find: one });
    return type;
  }

  private async wire(ctx: TenantContext, group: ChannelGroup) {
    return inGraph(groupToWire(group, undefined), (await this.provisioning.of(ctx, 'channel_group', [group])).get(group.id));
  }
}

@Injectable()
export class ChannelSettingsGraphql {
  constructor(@Inject(GRAPH) graph: Graph, queries: ChannelQueries, changeNumber: ChangeNumberChannels, changeTrunk: ChangeTrunkChannels) {
    const ofNumber = objectOf(graph, numberChannelsOut);
    addItem(graph, 'numberChannels', scoped('numbers:read'), {
      ...{ type: ofNumber, description: 'Which channels carry the calls of a number', kind: 'number' as const },
      find: async (ctx, id) => numberChannelsToWire(await queries.ofNumber(ctx, id)),
    });
    addMutation(graph, 'updateNumberChannels', scoped('numbers:write'), {
      ...{ type: ofNumber, description: 'Dedicate channels to a number, put it into a group, cap it', ids: { id: 'number' as const } },
      input: inputOf(graph, numberChannelsChange),
      run: async (ctx, { id, input }) =>
        numberChannelsToWire(await changeNumber.execute(ctx, id, settingsOf<Partial<NumberChannelSettings>>(input))),
    });
    const ofTrunk = objectOf(graph, trunkChannelsOut);
    addItem(graph, 'trunkChannels', read, {
      ...{ type: ofTrunk, description: 'Which channels carry the calls of a trunk', kind: 'trunk' as const },
      find: async (ctx, id) => trunkChannelsToWire(await queries.ofTrunk(ctx, id)),
    });
    addMutation(graph, 'updateTrunkChannels', write, {
      ...{
        type: ofTrunk,
        description: 'Put a trunk into a channel group, or give it channels of its own again',
        ids: { id: 'trunk' as const },
      },
      input: inputOf(graph, trunkChannelsChange),
      run: async (ctx, { id, input }) =>
        trunkChannelsToWire(await changeTrunk.execute(ctx, id, settingsOf<Partial<TrunkChannelSettings>>(input))),
    });
  }
}
