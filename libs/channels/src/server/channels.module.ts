import { Module } from '@nestjs/common';
import { ChangeNumberChannels } from './change-number-channels.ts';
import { ChangeTrunkChannels } from './change-trunk-channels.ts';
import { ChannelGroupsController } from './channel-groups.http.ts';
import { ChannelOffersController } from './channel-offers.http.ts';
import { ChannelPoolsController } from './channel-pools.http.ts';
import { ChannelQueries } from './channel-queries.ts';
import { ChannelSettingsController } from './channel-settings.http.ts';
import { ChannelUsage } from './channel-usage.ts';
import { CreateChannelGroup } from './create-channel-group.ts';
import { CreateChannelOffer } from './create-channel-offer.ts';
import { DeleteChannelGroup } from './delete-channel-group.ts';
import { OrderChannels } from './order-channels.ts';
import { UpdateChannelGroup } from './update-channel-group.ts';

const useCases = [
  ChangeNumberChannels,
  ChangeTrunkChannels,
  ChannelQueries,
  ChannelUsage,
  CreateChannelGroup,
  CreateChannelOffer,
  DeleteChannelGroup,
  OrderChannels,
  UpdateChannelGroup,
];

/** Needs, from the application: a ProvisioningView and a ChannelsInUseView. */
@Module({
  controllers: [ChannelOffersController, ChannelPoolsController, ChannelGroupsController, ChannelSettingsController],
  providers: useCases,
  exports: useCases,
})
export class ChannelsModule {}
