import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { TenantContext } from '@trunkline/kernel';
import { Allow, HeedsIfMatch, Problems, Returns, Tenant, idIn, pageOut, pageQuery } from '@trunkline/platform';
import { z } from 'zod';
import { ChangeIpList } from './change-ip-list.ts';
import { ListQueries } from './list-queries.ts';
import { ipListChange, ipListOut, ipListToWire, newIpList } from './lists.schema.ts';
import type { IpListChangeBody, NewIpListBody } from './lists.schema.ts';

const page = z.strictObject(pageQuery);
const id = idIn('ipList');

@ApiTags('Trunks')
@Controller('v1/ip-lists')
export class IpListsController {
  constructor(
    private readonly change: ChangeIpList,
    private readonly queries: ListQueries,
  ) {}

  @Post()
  @Allow('trunks:write')
  @ApiOperation({ operationId: 'createIpList', summary: 'Create a list of addresses that trunks can use' })
  @Returns(201, ipListOut, 'Created')
  @Problems(400, 403, 409, 422)
  async post(@Tenant() ctx: TenantContext, @Body({ schema: newIpList }) body: NewIpListBody) {
    return ipListToWire(await this.change.create(ctx, body));
  }

  @Get()
  @Allow('trunks:read')
  @ApiOperation({ operationId: 'listIpLists', summary: 'List the lists of addresses' })
  @Returns(200, pageOut(ipListOut, 'IpListPage'), 'A page')
  @Problems(400, 403)
  async list(@Tenant() ctx: TenantContext, @Query({ schema: page }) query: z.infer<typeof page>) {
    const { data, nextCursor } = await this.queries.ipLists(ctx, query);
    return { data: data.map(ipListToWire), next_cursor: nextCursor };
  }

  @Get(':id')
  @Allow('trunks:read')
  @ApiOperation({ operationId: 'getIpList', summary: 'Get a list of addresses' })
  @Returns(200, ipListOut, 'The list')
  @Problems(403, 404)
  async get(@Tenant() ctx: TenantContext, @Param('id', { schema: id }) listId: string) {
    return ipListToWire(await this.queries.ipList(ctx, listId));
  }

  @Patch(':id')
  @Allow('trunks:write')
  @HeedsIfMatch()
  @ApiOperation({ operationId: 'updateIpList', summary: 'Change a list of addresses, for every trunk that uses it' })
  @Returns(200, ipListOut, 'The changed list')
  @Problems(400, 403, 404, 409)
  async patch(
    @Tenant() ctx: TenantContext,
    @Param('id', { schema: id }) listId: string,
    @Body({ schema: ipListChange }) body: IpListChangeBody,
  ) {
    return ipListToWire(await this.change.update(ctx, listId, body));
  }

  @Delete(':id')
  @HttpCode(204)
  @Allow('trunks:write')
  @HeedsIfMatch()
  @ApiOperation({ operationId: 'deleteIpList', summary: 'Delete a list of addresses that no trunk uses' })
  @ApiResponse({ status: 204, description: 'Deleted' })
  @Problems(403, 404, 409)
  async delete(@Tenant() ctx: TenantContext, @Param('id', { schema: id }) listId: string): Promise<void> {
    await this.change.delete(ctx, listId);
  }
}
