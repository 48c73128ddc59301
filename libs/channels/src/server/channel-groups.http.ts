import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { TenantContext } from '@trunkline/kernel';
import { Allow, CanDryRun, HeedsIfMatch, Problems, Returns, Tenant, idIn, pageOut, pageQuery } from '@trunkline/platform';
import { ProvisioningView } from '@trunkline/trunks/server';
import { z } from 'zod';
import type { ChannelGroup, ChannelGroupSettings } from '../core/channel-group.ts';
import { ChannelQueries } from './channel-queries.ts';
import { settingsOf } from './channel-fields.schema.ts';
import { groupChange, groupOut, groupToWire, newGroup } from './channel-groups.schema.ts';
import { CreateChannelGroup } from './create-channel-group.ts';
import { DeleteChannelGroup } from './delete-channel-group.ts';
import { UpdateChannelGroup } from './update-channel-group.ts';

const page = z.strictObject(pageQuery);
const id = idIn('channelGroup');

@ApiTags('Channels')
@Controller('v1/channel-groups')
export class ChannelGroupsController {
  constructor(
    private readonly create: CreateChannelGroup,
    private readonly update: UpdateChannelGroup,
    private readonly remove: DeleteChannelGroup,
    private readonly queries: ChannelQueries,
    private readonly provisioning: ProvisioningView,
  ) {}

  @Post()
  @Allow('trunks:write')
  @CanDryRun()
  @ApiOperation({ operationId: 'createChannelGroup', summary: 'Let numbers and trunks share channels of a pool' })
  @Returns(201, groupOut, 'Created')
  @Problems(400, 403, 409, 422)
  async post(@Tenant() ctx: TenantContext, @Body({ schema: newGroup }) body: z.infer<typeof newGroup>) {
    return groupToWire(await this.create.execute(ctx, settingsOf<ChannelGroupSettings & { poolId: string }>(body)), undefined);
  }

  @Get()
  @Allow('trunks:read')
  @ApiOperation({ operationId: 'listChannelGroups', summary: 'List channel groups' })
  @Returns(200, pageOut(groupOut, 'ChannelGroupPage'), 'A page')
  @Problems(400, 403)
  async list(@Tenant() ctx: TenantContext, @Query({ schema: page }) query: z.infer<typeof page>) {
    const { data, nextCursor } = await this.queries.groups(ctx, query);
    const provisioning = await this.provisioning.of(ctx, 'channel_group', data);
    return { data: data.map((g) => groupToWire(g, provisioning.get(g.id))), next_cursor: nextCursor };
  }

  @Get(':id')
  @Allow('trunks:read')
  @ApiOperation({ operationId: 'getChannelGroup', summary: 'Get a channel group' })
  @Returns(200, groupOut, 'The group')
  @Problems(403, 404)
  async get(@Tenant() ctx: TenantContext, @Param('id', { schema: id }) groupId: string) {
    return this.resource(ctx, await this.queries.group(ctx, groupId));
  }

  @Patch(':id')
  @Allow('trunks:write')
  @HeedsIfMatch()
  @CanDryRun()
  @ApiOperation({ operationId: 'updateChannelGroup', summary: 'Change a channel group' })
  @Returns(200, groupOut, 'The changed group')
  @Problems(400, 403, 404, 409)
  async patch(
    @Tenant() ctx: TenantContext,
    @Param('id', { schema: id }) groupId: string,
    @Body({ schema: groupChange }) body: z.infer<typeof groupChange>,
  ) {
    return this.resource(ctx, await this.update.execute(ctx, groupId, settingsOf<Partial<ChannelGroupSettings>>(body)));
  }

  @Delete(':id')
  @HttpCode(204)
  @Allow('trunks:write')
  @HeedsIfMatch()
  @CanDryRun()
  @ApiOperation({ operationId: 'deleteChannelGroup', summary: 'Delete a channel group that nothing is in' })
  @ApiResponse({ status: 204, description: 'Deleted' })
  @Problems(403, 404, 409)
  async delete(@Tenant() ctx: TenantContext, @Param('id', { schema: id }) groupId: string): Promise<void> {
    await this.remove.execute(ctx, groupId);
  }

  private async resource(ctx: TenantContext, group: ChannelGroup) {
    return groupToWire(group, (await this.provisioning.of(ctx, 'channel_group', [group])).get(group.id));
  }
}
