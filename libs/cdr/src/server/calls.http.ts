import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { camelKeys } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Allow, Problems, Returns, Tenant, idIn, pageOut } from '@trunkline/platform';
import type { z } from 'zod';
import { CallQueries } from './call-queries.ts';
import { callDetailOut, callDetailToWire, callFilter, callOut, callToWire } from './calls.schema.ts';

@ApiTags('Calls')
@Controller('v1/calls')
export class CallsController {
  constructor(private readonly queries: CallQueries) {}

  @Get()
  @Allow('calls:read')
  @ApiOperation({ operationId: 'listCalls', summary: 'List calls, the newest first' })
  @Returns(200, pageOut(callOut, 'CallPage'), 'A page')
  @Problems(400, 403)
  async list(@Tenant() ctx: TenantContext, @Query({ schema: callFilter }) query: z.infer<typeof callFilter>) {
    const { data, nextCursor } = await this.queries.list(ctx, camelKeys(query));
    return { data: data.map(callToWire), next_cursor: nextCursor };
  }

  @Get(':id')
  @Allow('calls:read')
  @ApiOperation({ operationId: 'getCall', summary: 'Get a call and how its price comes about' })
  @Returns(200, callDetailOut, 'The call')
  @Problems(403, 404)
  async get(@Tenant() ctx: TenantContext, @Param('id', { schema: idIn('cdr') }) id: string) {
    const { call, rate } = await this.queries.byId(ctx, id);
    return callDetailToWire(call, rate);
  }
}
