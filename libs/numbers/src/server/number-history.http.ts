import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { TenantContext } from '@trunkline/kernel';
import { Allow, Problems, Returns, Tenant, idIn, pageOut, pageQuery } from '@trunkline/platform';
import { z } from 'zod';
import { NumberHistoryQueries } from './number-history-queries.ts';
import { historyOut, historyToWire } from './number-history.schema.ts';

const page = z.strictObject(pageQuery);

@ApiTags('Numbers')
@Controller('v1/numbers/:id/history')
export class NumberHistoryController {
  constructor(private readonly history: NumberHistoryQueries) {}

  @Get()
  @Allow('numbers:read')
  @ApiOperation({
    operationId: 'listNumberHistory',
    summary: 'List what happened to a number of the tenant’s, also one that it has no more; the newest first',
  })
  @Returns(200, pageOut(historyOut, 'NumberHistoryPage'), 'A page')
  @Problems(400, 403, 404)
  async list(
    @Tenant() ctx: TenantContext,
    @Param('id', { schema: idIn('number') }) id: string,
    @Query({ schema: page }) query: z.infer<typeof page>,
  ) {
    const { data, nextCursor } = await this.history.ofNumber(ctx, id, query);
    return { data: data.map(historyToWire), next_cursor: nextCursor };
  }
}
