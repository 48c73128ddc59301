import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { camelKeys } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Allow, Problems, Returns, Tenant, idIn, pageOut } from '@trunkline/platform';
import { CreateTestCall } from './create-test-call.ts';
import { TestCallQueries } from './test-call-queries.ts';
import { newTestCall, testCallOut, testCallQuery, testCallToWire } from './test-calls.schema.ts';
import type { NewTestCallBody, TestCallQuery } from './test-calls.schema.ts';

@ApiTags('Trunks')
@Controller('v1')
export class TestCallsController {
  constructor(
    private readonly create: CreateTestCall,
    private readonly queries: TestCallQueries,
  ) {}

  @Post('trunks/:trunk_id/test-calls')
  @Allow('trunks:write')
  @ApiOperation({ operationId: 'createTestCall', summary: 'Have an edge place a call for a trunk; it costs what a call costs' })
  @Returns(201, testCallOut, 'Queued: read it again until it is completed or failed')
  @Problems(400, 403, 404, 409, 422)
  async post(
    @Tenant() ctx: TenantContext,
    @Param('trunk_id', { schema: idIn('trunk') }) trunkId: string,
    @Body({ schema: newTestCall }) body: NewTestCallBody,
  ) {
    return testCallToWire(await this.create.execute(ctx, trunkId, camelKeys(body)));
  }

  @Get('test-calls')
  @Allow('trunks:read')
  @ApiOperation({ operationId: 'listTestCalls', summary: 'List test calls' })
  @Returns(200, pageOut(testCallOut, 'TestCallPage'), 'A page')
  @Problems(400, 403)
  async list(@Tenant() ctx: TenantContext, @Query({ schema: testCallQuery }) query: TestCallQuery) {
    const { data, nextCursor } = await this.queries.list(ctx, camelKeys(query));
    return { data: data.map(testCallToWire), next_cursor: nextCursor };
  }

  @Get('test-calls/:id')
  @Allow('trunks:read')
  @ApiOperation({ operationId: 'getTestCall', summary: 'Get a test call, and what came of it' })
  @Returns(200, testCallOut, 'The test call')
  @Problems(403, 404)
  async get(@Tenant() ctx: TenantContext, @Param('id', { schema: idIn('testCall') }) id: string) {
    return testCallToWire(await this.queries.byId(ctx, id));
  }
}
