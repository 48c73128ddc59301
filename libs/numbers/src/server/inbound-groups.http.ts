import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { TenantContext } from '@trunkline/kernel';
import { Allow, CanDryRun, HeedsIfMatch, Problems, Returns, Tenant, idIn, pageOut, pageQuery } from '@trunkline/platform';
import { ProvisioningView } from '@trunkline/trunks/server';
import { z } from 'zod';
import type { InboundGroup, InboundGroupSettings } from '../core/inbound-group.ts';
import { CreateInboundGroup } from './create-inbound-group.ts';
import { DeleteInboundGroup } from './delete-inbound-group.ts';
import { InboundGroupQueries } from './inbound-group-queries.ts';
import { groupSettings, inboundGroupChange, inboundGroupOut, inboundGroupToWire, newInboundGroup } from './inbound-routing.schema.ts';
import { UpdateInboundGroup } from './update-inbound-group.ts';

const page = z.strictObject(pageQuery);
const id = idIn('inboundGroup');

@ApiTags('Inbound routing')
@Controller('v1/inbound-groups')
export class InboundGroupsController {
  constructor(
    private readonly create: CreateInboundGroup,
    private readonly update: UpdateInboundGroup,
    private readonly remove: DeleteInboundGroup,
    private readonly queries: InboundGroupQueries,
    private readonly provisioning: ProvisioningView,
  ) {}

  @Post()
  @Allow('numbers:write')
  @CanDryRun()
  @ApiOperation({ operationId: 'createInboundGroup', summary: 'Create a group of targets that take inbound calls' })
  @Returns(201, inboundGroupOut, 'Created')
  @Problems(400, 403, 409, 422)
  async post(@Tenant() ctx: TenantContext, @Body({ schema: newInboundGroup }) body: z.infer<typeof newInboundGroup>) {
    return inboundGroupToWire(await this.create.execute(ctx, groupSettings(body) as InboundGroupSettings), undefined);
  }

  @Get()
  @Allow('numbers:read')
  @ApiOperation({ operationId: 'listInboundGroups', summary: 'List inbound groups' })
  @Returns(200, pageOut(inboundGroupOut, 'InboundGroupPage'), 'A page')
  @Problems(400, 403)
  async list(@Tenant() ctx: TenantContext, @Query({ schema: page }) query: z.infer<typeof page>) {
    const { data, nextCursor } = await this.queries.list(ctx, query);
    return { data: await this.resources(ctx, data), next_cursor: nextCursor };
  }

  @Get(':id')
  @Allow('numbers:read')
  @ApiOperation({ operationId: 'getInboundGroup', summary: 'Get an inbound group' })
  @Returns(200, inboundGroupOut, 'The group')
  @Problems(403, 404)
  async get(@Tenant() ctx: TenantContext, @Param('id', { schema: id }) groupId: string) {
    return (await this.resources(ctx, [await this.queries.byId(ctx, groupId)]))[0];
  }

  @Patch(':id')
  @Allow('numbers:write')
  @HeedsIfMatch()
  @CanDryRun()
  @ApiOperation({ operationId: 'updateInboundGroup', summary: 'Change an inbound group, for all that it takes calls for' })
  @Returns(200, inboundGroupOut, 'The changed group')
  @Problems(400, 403, 404, 409)
  async patch(
    @Tenant() ctx: TenantContext,
    @Param('id', { schema: id }) groupId: string,
    @Body({ schema: inboundGroupChange }) body: z.infer<typeof inboundGroupChange>,
  ) {
    return (await this.resources(ctx, [await this.update.execute(ctx, groupId, groupSettings(body))]))[0];
  }

  @Delete(':id')
  @HttpCode(204)
  @Allow('numbers:write')
  @HeedsIfMatch()
  @CanDryRun()
  @ApiOperation({ operationId: 'deleteInboundGroup', summary: 'Delete an inbound group that nothing names' })
  @ApiResponse({ status: 204, description: 'Deleted' })
  @Problems(403, 404, 409)
  async delete(@Tenant() ctx: TenantContext, @Param('id', { schema: id }) groupId: string): Promise<void> {
    await this.remove.execute(ctx, groupId);
  }

  private async resources(ctx: TenantContext, groups: readonly InboundGroup[]) {
    const provisioning = await this.provisioning.of(ctx, 'inbound_group', groups);
    return groups.map((g) => inboundGroupToWire(g, provisioning.get(g.id)));
  }
}
