import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { camelKeys } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Allow, HeedsIfMatch, Problems, Returns, Tenant, idIn, pageOut } from '@trunkline/platform';
import type { z } from 'zod';
import { DecidePortOut } from './decide-port-out.ts';
import { PortOutQueries } from './port-out-queries.ts';
import {
  numberId,
  portOutDispute,
  portOutEventToWire,
  portOutHistoryOut,
  portOutOut,
  portOutPolicyChange,
  portOutPolicyOut,
  portOutPolicyToWire,
  portOutProtectionChange,
  portOutProtectionOut,
  portOutProtectionToWire,
  portOutQuery,
  portOutRejection,
  portOutToWire,
} from './port-outs.schema.ts';
import { ProtectNumbers } from './protect-numbers.ts';
import type { PolicyChange, ProtectionChange } from './protect-numbers.ts';

const id = { schema: idIn('portOut') };

@ApiTags('Porting')
@Controller('v1/port-outs')
export class PortOutsController {
  constructor(
    private readonly decide: DecidePortOut,
    private readonly queries: PortOutQueries,
  ) {}

  @Get()
  @Allow('porting:read')
  @ApiOperation({ operationId: 'listPortOuts', summary: 'List requests of other carriers for your numbers' })
  @Returns(200, pageOut(portOutOut, 'PortOutPage'), 'A page')
  @Problems(400, 403)
  async list(@Tenant() ctx: TenantContext, @Query({ schema: portOutQuery }) query: z.infer<typeof portOutQuery>) {
    const { data, nextCursor } = await this.queries.list(ctx, query);
    return { data: data.map(portOutToWire), next_cursor: nextCursor };
  }

  @Get(':id')
  @Allow('porting:read')
  @ApiOperation({ operationId: 'getPortOut', summary: 'Get a request for your numbers' })
  @Returns(200, portOutOut, 'The request')
  @Problems(403, 404)
  async get(@Tenant() ctx: TenantContext, @Param('id', id) portOutId: string) {
    return portOutToWire(await this.queries.byId(ctx, portOutId));
  }

  @Get(':id/history')
  @Allow('porting:read')
  @ApiOperation({ operationId: 'getPortOutHistory', summary: 'Get what happened to a request for your numbers' })
  @Returns(200, portOutHistoryOut, 'In its order')
  @Problems(403, 404)
  async history(@Tenant() ctx: TenantContext, @Param('id', id) portOutId: string) {
    return { data: (await this.queries.history(ctx, portOutId)).map(portOutEventToWire) };
  }

  @Post(':id/authorize')
  @HttpCode(200)
  @Allow('porting:write')
  @HeedsIfMatch()
  @ApiOperation({ operationId: 'authorizePortOut', summary: 'Let your numbers leave' })
  @Returns(200, portOutOut, 'Authorized; the carrier is told')
  @Problems(403, 404, 409, 422)
  async authorize(@Tenant() ctx: TenantContext, @Param('id', id) portOutId: string) {
    await this.decide.answer(ctx, portOutId, { kind: 'authorize' });
    return portOutToWire(await this.queries.byId(ctx, portOutId));
  }

  @Post(':id/reject')
  @HttpCode(200)
  @Allow('porting:write')
  @HeedsIfMatch()
  @ApiOperation({ operationId: 'rejectPortOut', summary: 'Keep your numbers, for a reason that a number may be kept for' })
  @Returns(200, portOutOut, 'Rejected; the carrier is told')
  @Problems(400, 403, 404, 409, 422)
  async reject(
    @Tenant() ctx: TenantContext,
    @Param('id', id) portOutId: string,
    @Body({ schema: portOutRejection }) body: z.infer<typeof portOutRejection>,
  ) {
    await this.decide.answer(ctx, portOutId, { kind: 'reject', ...body });
    return portOutToWire(await this.queries.byId(ctx, portOutId));
  }

  @Post(':id/dispute')
  @HttpCode(202)
  @Allow('porting:write')
  @HeedsIfMatch()
  @ApiOperation({ operationId: 'disputePortOut', summary: 'Ask numbers back that should not have left, within 72 hours' })
  @Returns(202, portOutOut, 'Asked')
  @Problems(400, 403, 404, 409, 422)
  async dispute(
    @Tenant() ctx: TenantContext,
    @Param('id', id) portOutId: string,
    @Body({ schema: portOutDispute }) { reason }: z.infer<typeof portOutDispute>,
  ) {
    await this.decide.dispute(ctx, portOutId, reason);
    return portOutToWire(await this.queries.byId(ctx, portOutId));
  }
}

/** What keeps numbers from leaving unasked. */
@ApiTags('Porting')
@Controller('v1')
export class PortOutProtectionController {
  constructor(private readonly protect: ProtectNumbers) {}

  @Get('port-out-policy')
  @Allow('porting:read')
  @ApiOperation({ operationId: 'getPortOutPolicy', summary: 'Get what requests for your numbers are answered by' })
  @Returns(200, portOutPolicyOut, 'The policy')
  @Problems(403)
  async policy(@Tenant() ctx: TenantContext) {
    return portOutPolicyToWire(await this.protect.policy(ctx));
  }

  @Patch('port-out-policy')
  @Allow('porting:write')
  @ApiOperation({ operationId: 'updatePortOutPolicy', summary: 'Change what requests for your numbers are answered by' })
  @Returns(200, portOutPolicyOut, 'The policy')
  @Problems(400, 403)
  async changePolicy(@Tenant() ctx: TenantContext, @Body({ schema: portOutPolicyChange }) body: z.infer<typeof portOutPolicyChange>) {
    return portOutPolicyToWire(await this.protect.changePolicy(ctx, camelKeys(body) as PolicyChange));
  }

  @Get('numbers/:number_id/port-out-protection')
  @Allow('porting:read')
  @ApiOperation({ operationId: 'getPortOutProtection', summary: 'Get what keeps a number from leaving' })
  @Returns(200, portOutProtectionOut, 'What it has of its own')
  @Problems(403, 404)
  async protection(@Tenant() ctx: TenantContext, @Param('number_id', numberId) id: string) {
    return portOutProtectionToWire(await this.protect.of(ctx, id));
  }

  @Patch('numbers/:number_id/port-out-protection')
  @Allow('porting:write')
  @ApiOperation({ operationId: 'updatePortOutProtection', summary: 'Give a number a PIN or a lock of its own' })
  @Returns(200, portOutProtectionOut, 'What it has of its own')
  @Problems(400, 403, 404)
  async changeProtection(
    @Tenant() ctx: TenantContext,
    @Param('number_id', numberId) id: string,
    @Body({ schema: portOutProtectionChange }) body: z.infer<typeof portOutProtectionChange>,
  ) {
    return portOutProtectionToWire(await this.protect.change(ctx, id, body as ProtectionChange));
  }
}
