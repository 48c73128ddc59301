import { Body, Controller, Delete, Get, HttpCode, Param, Put } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { camelKeys } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Allow, Problems, Returns, Tenant, idIn } from '@trunkline/platform';
import { RegistrarQueries } from './registrar-queries.ts';
import { registrarIn, registrarOut, registrarToWire } from './registrar.schema.ts';
import type { RegistrarBody } from './registrar.schema.ts';
import { RemoveRegistrar } from './remove-registrar.ts';
import { SetRegistrar } from './set-registrar.ts';

const trunkId = { schema: idIn('trunk') };

@ApiTags('Trunks')
@Controller('v1/trunks/:trunk_id/registrar')
export class RegistrarController {
  constructor(
    private readonly set: SetRegistrar,
    private readonly remove: RemoveRegistrar,
    private readonly queries: RegistrarQueries,
  ) {}

  @Put()
  @Allow('trunks:write')
  @ApiOperation({ operationId: 'setRegistrar', summary: 'Have an edge register a trunk at a PBX or a carrier' })
  @Returns(200, registrarOut, 'Where it registers: read it again to see how that stands')
  @Problems(400, 403, 404)
  async put(@Tenant() ctx: TenantContext, @Param('trunk_id', trunkId) id: string, @Body({ schema: registrarIn }) body: RegistrarBody) {
    await this.set.execute(ctx, id, camelKeys(body));
    return registrarToWire(await this.queries.of(ctx, id));
  }

  @Get()
  @Allow('trunks:read')
  @ApiOperation({ operationId: 'getRegistrar', summary: 'Get where an edge registers a trunk, and how that stands' })
  @Returns(200, registrarOut, 'Where it registers')
  @Problems(403, 404)
  async get(@Tenant() ctx: TenantContext, @Param('trunk_id', trunkId) id: string) {
    return registrarToWire(await this.queries.of(ctx, id));
  }

  @Delete()
  @HttpCode(204)
  @Allow('trunks:write')
  @ApiOperation({ operationId: 'removeRegistrar', summary: 'Have a trunk’s registration taken back' })
  @ApiResponse({ status: 204, description: 'On its way out' })
  @Problems(403, 404)
  async delete(@Tenant() ctx: TenantContext, @Param('trunk_id', trunkId) id: string): Promise<void> {
    await this.remove.execute(ctx, id);
  }
}
