import { Body, Controller, Get, Param, Patch } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { TenantContext } from '@trunkline/kernel';
import { Allow, CanDryRun, CanQuote, HeedsIfMatch, Problems, Returns, Tenant, idIn } from '@trunkline/platform';
import type { z } from 'zod';
import type { NumberChannelSettings, TrunkChannelSettings } from '../core/channel-group.ts';
import { ChangeNumberChannels } from './change-number-channels.ts';
import { ChangeTrunkChannels } from './change-trunk-channels.ts';
import { ChannelQueries } from './channel-queries.ts';
import { settingsOf } from './channel-fields.schema.ts';
import {
  numberChannelsChange,
  numberChannelsOut,
  numberChannelsToWire,
  trunkChannelsChange,
  trunkChannelsOut,
  trunkChannelsToWire,
} from './channel-settings.schema.ts';

/** Which channels carry the calls of a number, and of a trunk. */
@ApiTags('Channels')
@Controller('v1')
export class ChannelSettingsController {
  constructor(
    private readonly changeNumber: ChangeNumberChannels,
    private readonly changeTrunk: ChangeTrunkChannels,
    private readonly queries: ChannelQueries,
  ) {}

  @Get('numbers/:id/channels')
  @Allow('numbers:read')
  @ApiOperation({ operationId: 'getNumberChannels', summary: 'Get which channels carry the calls of a number' })
  @Returns(200, numberChannelsOut, 'Its channels')
  @Problems(403, 404)
  async ofNumber(@Tenant() ctx: TenantContext, @Param('id', { schema: idIn('number') }) id: string) {
    return numberChannelsToWire(await this.queries.ofNumber(ctx, id));
  }

  @Patch('numbers/:id/channels')
  @Allow('numbers:write')
  @HeedsIfMatch()
  @CanDryRun()
  @ApiOperation({ operationId: 'updateNumberChannels', summary: 'Dedicate channels to a number, put it into a group, cap it' })
  @Returns(200, numberChannelsOut, 'Its channels')
  @Problems(400, 403, 404, 409)
  async patchNumber(
    @Tenant() ctx: TenantContext,
    @Param('id', { schema: idIn('number') }) id: string,
    @Body({ schema: numberChannelsChange }) body: z.infer<typeof numberChannelsChange>,
  ) {
    return numberChannelsToWire(await this.changeNumber.execute(ctx, id, settingsOf<Partial<NumberChannelSettings>>(body)));
  }

  @Get('trunks/:id/channels')
  @Allow('trunks:read')
  @ApiOperation({ operationId: 'getTrunkChannels', summary: 'Get which channels carry the calls of a trunk' })
  @Returns(200, trunkChannelsOut, 'Its channels')
  @Problems(403, 404)
  async ofTrunk(@Tenant() ctx: TenantContext, @Param('id', { schema: idIn('trunk') }) id: string) {
    return trunkChannelsToWire(await this.queries.ofTrunk(ctx, id));
  }

  @Patch('trunks/:id/channels')
  @Allow('trunks:write')
  @HeedsIfMatch()
  @CanDryRun()
  @CanQuote()
  @ApiOperation({ operationId: 'updateTrunkChannels', summary: 'Put a trunk into a channel group, or give it channels of its own again' })
  @Returns(200, trunkChannelsOut, 'Its channels')
  @Problems(400, 402, 403, 404, 409)
  async patchTrunk(
    @Tenant() ctx: TenantContext,
    @Param('id', { schema: idIn('trunk') }) id: string,
    @Body({ schema: trunkChannelsChange }) body: z.infer<typeof trunkChannelsChange>,
  ) {
    return trunkChannelsToWire(await this.changeTrunk.execute(ctx, id, settingsOf<Partial<TrunkChannelSettings>>(body)));
  }
}
