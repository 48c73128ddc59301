import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { toPublicId } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Operator, OperatorOnly, Problems, Returns, idIn, idOut, timestampOut } from '@trunkline/platform';
import { z } from 'zod';
import { PlaceTenant } from './place-tenant.ts';
import { TenantHomeQueries } from './tenant-home-queries.ts';
import type { TenantHome } from './tenant-home-queries.ts';

const id = idIn('tenant');
const placement = z
  .strictObject({
    edge_id: idIn('edge'),
    pinned: z.boolean().default(false).describe('Only an operator moves it, not the loss of the edge'),
  })
  .meta({ id: 'TenantPlacement' });
export const tenantHome = z
  .strictObject({
    object: z.literal('tenant_home'),
    tenant_id: idOut('tenant'),
    edge_id: idOut('edge').nullable(),
    edge: z.string().nullable(),
    sip_address: z.string().nullable(),
    pinned: z.boolean(),
    moved_at: timestampOut().nullable(),
    moved_from_edge_id: idOut('edge').nullable().describe('Where it was before that edge was drained or lost'),
  })
  .meta({ id: 'TenantHome' });

export const tenantHomeToWire = (h: TenantHome): z.infer<typeof tenantHome> => ({
  object: 'tenant_home',
  tenant_id: toPublicId('tenant', h.tenantId),
  edge_id: h.edgeId && toPublicId('edge', h.edgeId),
  edge: h.edge,
  sip_address: h.sipAddress,
  pinned: h.pinned,
  moved_at: h.movedAt?.toISOString() ?? null,
  moved_from_edge_id: h.movedFromId && toPublicId('edge', h.movedFromId),
});

@ApiTags('Edges')
@Controller('v1/tenants/:id/home')
export class TenantHomesController {
  constructor(
    private readonly place: PlaceTenant,
    private readonly queries: TenantHomeQueries,
  ) {}

  @Get()
  @OperatorOnly()
  @ApiOperation({ operationId: 'getTenantHome', summary: 'Get the edge that carries a tenant’s calls' })
  @Returns(200, tenantHome, 'Its home')
  @Problems(403, 404)
  async get(@Operator() ctx: SystemContext, @Param('id', { schema: id }) tenantId: string) {
    return tenantHomeToWire(await this.queries.of(ctx, tenantId));
  }

  @Put()
  @OperatorOnly()
  @ApiOperation({ operationId: 'placeTenant', summary: 'Make an edge a tenant’s home' })
  @Returns(200, tenantHome, 'Its home')
  @Problems(400, 403, 404, 409)
  async put(
    @Operator() ctx: SystemContext,
    @Param('id', { schema: id }) tenantId: string,
    @Body({ schema: placement }) body: z.infer<typeof placement>,
  ) {
    return tenantHomeToWire(await this.place.execute(ctx, tenantId, { edgeId: body.edge_id, pinned: body.pinned }));
  }
}
