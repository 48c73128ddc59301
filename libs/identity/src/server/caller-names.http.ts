import { Body, Controller, Delete, Get, HttpCode, Param, Put } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { toPublicId } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Allow, Problems, Returns, Tenant, idIn, idOut, text } from '@trunkline/platform';
import { z } from 'zod';
import { CALLER_NAME_STATES } from '../core/caller-name.ts';
import type { CallerName } from '../core/caller-name.ts';
import { CallerNames } from './caller-names.ts';

export const nameIn = z
  .strictObject({ name: text(15).describe("Of A-Z, 0-9, space and . , & ' -").meta({ example: 'ACME INC' }) })
  .meta({ id: 'CallerNameRequest' });

export const callerNameOut = z
  .strictObject({
    number_id: idOut('number'),
    object: z.literal('caller_name'),
    name: z.string().nullable(),
    state: z.enum(CALLER_NAME_STATES),
    reason: z.string().nullable().describe('Why it was rejected'),
  })
  .meta({ id: 'CallerName' });

export const callerNameToWire = (numberId: string, n: CallerName | undefined): z.infer<typeof callerNameOut> => ({
  number_id: toPublicId('number', numberId),
  object: 'caller_name',
  name: n?.name ?? null,
  state: n?.state ?? 'none',
  reason: n?.reason ?? null,
});

const numberId = { schema: idIn('number') };

@ApiTags('Caller identity')
@Controller('v1/numbers/:number_id/caller-name')
export class CallerNamesController {
  constructor(private readonly names: CallerNames) {}

  @Get()
  @Allow('numbers:read')
  @ApiOperation({ operationId: 'getCallerName', summary: 'Get the name that networks show beside a number' })
  @Returns(200, callerNameOut, 'The name')
  @Problems(403, 404)
  async get(@Tenant() ctx: TenantContext, @Param('number_id', numberId) id: string) {
    return callerNameToWire(id, await this.names.of(ctx, id));
  }

  @Put()
  @Allow('numbers:write')
  @ApiOperation({ operationId: 'requestCallerName', summary: 'Have networks in North America show a name beside a number' })
  @Returns(200, callerNameOut, 'On its way')
  @Problems(400, 403, 404, 409)
  async put(
    @Tenant() ctx: TenantContext,
    @Param('number_id', numberId) id: string,
    @Body({ schema: nameIn }) { name }: z.infer<typeof nameIn>,
  ) {
    return callerNameToWire(id, await this.names.request(ctx, id, name));
  }

  @Delete()
  @HttpCode(204)
  @Allow('numbers:write')
  @ApiOperation({ operationId: 'removeCallerName', summary: 'Have no name shown beside a number any more' })
  @ApiResponse({ status: 204, description: 'On its way out' })
  @Problems(403, 404)
  async delete(@Tenant() ctx: TenantContext, @Param('number_id', numberId) id: string): Promise<void> {
    await this.names.remove(ctx, id);
  }
}
