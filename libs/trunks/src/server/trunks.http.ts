import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { TargetHealthView } from '@trunkline/carriers/server';
import { camelKeys } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import {
  CanDryRun,
  CanQuote,
  Allow,
  HeedsIfMatch,
  Problems,
  Returns,
  Tenant,
  idIn,
  ownFilters,
  pageOut,
  pageQuery,
} from '@trunkline/platform';
import { z } from 'zod';
import type { Trunk, TrunkSettings } from '../core/trunk.ts';
import { CreateTrunk } from './create-trunk.ts';
import { DeleteTrunk } from './delete-trunk.ts';
import { ProvisioningView } from './provisioning.ts';
import { TrunkQueries } from './trunk-queries.ts';
import { newTrunk, trunkChange, trunkOut, trunkToWire } from './trunks.schema.ts';
import type { NewTrunkBody, TrunkChangeBody } from './trunks.schema.ts';
import { UpdateTrunk } from './update-trunk.ts';

const page = z.strictObject({ ...pageQuery, ...ownFilters });
const id = idIn('trunk');

@ApiTags('Trunks')
@Controller('v1/trunks')
export class TrunksController {
  constructor(
    private readonly create: CreateTrunk,
    private readonly update: UpdateTrunk,
    private readonly remove: DeleteTrunk,
    private readonly queries: TrunkQueries,
    private readonly provisioning: ProvisioningView,
    private readonly health: TargetHealthView,
  ) {}

  @Post()
  @Allow('trunks:write')
  @CanDryRun()
  @CanQuote()
  @ApiOperation({ operationId: 'createTrunk', summary: 'Create a trunk' })
  @Returns(201, trunkOut, 'Created')
  @Problems(400, 402, 403, 409, 422)
  async post(@Tenant() ctx: TenantContext, @Body({ schema: newTrunk }) body: NewTrunkBody) {
    return trunkToWire(await this.create.execute(ctx, camelKeys(body) as TrunkSettings), undefined); // no edge can have it yet
  }

  @Get()
  @Allow('trunks:read')
  @ApiOperation({ operationId: 'listTrunks', summary: 'List trunks' })
  @Returns(200, pageOut(trunkOut, 'TrunkPage'), 'A page')
  @Problems(400, 403)
  async list(@Tenant() ctx: TenantContext, @Query({ schema: page }) query: z.infer<typeof page>) {
    const { data, nextCursor } = await this.queries.list(ctx, camelKeys(query));
    return { data: await this.resources(ctx, data), next_cursor: nextCursor };
  }

  @Get(':id')
  @Allow('trunks:read')
  @ApiOperation({ operationId: 'getTrunk', summary: 'Get a trunk' })
  @Returns(200, trunkOut, 'The trunk')
  @Problems(403, 404)
  async get(@Tenant() ctx: TenantContext, @Param('id', { schema: id }) trunkId: string) {
    return (await this.resources(ctx, [await this.queries.byId(ctx, trunkId)]))[0];
  }

  @Patch(':id')
  @Allow('trunks:write')
  @HeedsIfMatch()
  @CanDryRun()
  @CanQuote()
  @ApiOperation({ operationId: 'updateTrunk', summary: 'Change a trunk' })
  @Returns(200, trunkOut, 'The changed trunk')
  @Problems(400, 402, 403, 404, 409)
  async patch(
    @Tenant() ctx: TenantContext,
    @Param('id', { schema: id }) trunkId: string,
    @Body({ schema: trunkChange }) body: TrunkChangeBody,
  ) {
    return (await this.resources(ctx, [await this.update.execute(ctx, trunkId, camelKeys(body) as Partial<TrunkSettings>)]))[0];
  }

  @Delete(':id')
  @HttpCode(204)
  @Allow('trunks:write')
  @HeedsIfMatch()
  @CanDryRun()
  @ApiOperation({ operationId: 'deleteTrunk', summary: 'Delete a trunk and its credentials' })
  @ApiResponse({ status: 204, description: 'Deleted' })
  @Problems(403, 404, 409)
  async delete(@Tenant() ctx: TenantContext, @Param('id', { schema: id }) trunkId: string): Promise<void> {
    await this.remove.execute(ctx, trunkId);
  }

  private async resources(ctx: TenantContext, trunks: readonly Trunk[]) {
    const [provisioning, health] = await Promise.all([
      this.provisioning.of(ctx, 'trunk', trunks),
      this.health.of(trunks.flatMap((t) => t.inboundRoutes.map((r) => r.uri))),
    ]);
    return trunks.map((t) => trunkToWire(t, provisioning.get(t.id), health));
  }
}
