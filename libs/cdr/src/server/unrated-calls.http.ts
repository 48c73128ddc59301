import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { camelKeys, toPublicId } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Operator, OperatorOnly, Problems, Returns, idIn, idOut, pageOut, pageQuery, text } from '@trunkline/platform';
import { z } from 'zod';
import { callOut, callToWire, instant } from './calls.schema.ts';
import { UnratedCallQueries } from './unrated-call-queries.ts';
import { WaiveUnratedCall } from './waive-unrated-call.ts';

export const unratedFilter = {
  tenant_id: idIn('tenant').optional(),
  from: instant().optional().describe('Started at or after'),
  to: instant().optional().describe('Started before'),
  prefix: z.string().regex(/^\d{1,15}$/, 'must be 1 to 15 digits').optional().describe('What the destination begins with, without +'), // prettier-ignore
};
export const unratedQuery = z.strictObject({ ...pageQuery, ...unratedFilter });
export const unratedOut = callOut.extend({ tenant_id: idOut('tenant') }).meta({ id: 'UnratedCall' });
const waive = z.strictObject({ reason: text(500) }).meta({ id: 'WaiveUnratedCall' });
const waived = z.strictObject({ id: idOut('cdr'), object: z.literal('call'), rating: z.strictObject({ state: z.literal('free') }) }).meta({ id: 'WaivedCall' }); // prettier-ignore

@ApiTags('Calls')
@Controller('v1/unrated-calls')
export class UnratedCallsController {
  constructor(
    private readonly queries: UnratedCallQueries,
    private readonly waiveCall: WaiveUnratedCall,
  ) {}

  @Get()
  @OperatorOnly()
  @ApiOperation({ operationId: 'listUnratedCalls', summary: 'List the calls of all tenants that wait for a rate, the newest first' })
  @Returns(200, pageOut(unratedOut, 'UnratedCallPage'), 'A page')
  @Problems(400, 403)
  async list(@Operator() ctx: SystemContext, @Query({ schema: unratedQuery }) asked: z.infer<typeof unratedQuery>) {
    const { data, nextCursor } = await this.queries.list(ctx, camelKeys(asked));
    return { data: data.map((c) => ({ ...callToWire(c), tenant_id: toPublicId('tenant', c.tenantId) })), next_cursor: nextCursor };
  }

  @Post(':id/waive')
  @OperatorOnly()
  @ApiOperation({ operationId: 'waiveUnratedCall', summary: 'Charge nothing for a call that waits for a rate, for good' })
  @Returns(200, waived, 'The call is free')
  @Problems(400, 403, 404, 409, 422)
  async waive(
    @Operator() ctx: SystemContext,
    @Param('id', { schema: idIn('cdr') }) id: string,
    @Body({ schema: waive }) body: z.infer<typeof waive>,
  ) {
    await this.waiveCall.execute(ctx, id, body.reason);
    return { id: toPublicId('cdr', id), object: 'call', rating: { state: 'free' } };
  }
}
