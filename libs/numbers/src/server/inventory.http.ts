import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { toPublicId } from '@trunkline/kernel';
import type { E164, SystemContext, TenantContext } from '@trunkline/kernel';
import {
  Allow,
  Operator,
  OperatorOnly,
  Problems,
  Returns,
  Tenant,
  e164In,
  idOut,
  pageOut,
  pageQuery,
  text,
  timestampOut,
} from '@trunkline/platform';
import { z } from 'zod';
import type { TenantNumber } from '../core/number.ts';
import { InventoryQueries } from './inventory-queries.ts';
import { NumberBlockQueries, blockOut, blockQuery, blockToWire } from './number-blocks.ts';
import { NumberHistoryQueries } from './number-history-queries.ts';
import { historyOut, historyToWire } from './number-history.schema.ts';
import {
  NUMBER_STATES,
  availableOut,
  availableQuery,
  availableToWire,
  inventoryOut,
  inventoryQuery,
  inventoryToWire,
  searchOf,
  stateOf,
} from './numbers.schema.ts';
import type { NumberReturn } from './number-returns.sql.ts';
import { ReturnNumber } from './return-number.ts';
import { SuspendNumber } from './suspend-number.ts';

const page = z.strictObject(pageQuery);
const number = { schema: e164In() };
const because = z.strictObject({ reason: text(500) }).meta({ id: 'NumberSuspension' });
/** A tenant's number as the operator sees it: whose it is and in which state, and nothing that the tenant alone decides. */
const heldOut = z
  .strictObject({ id: idOut('number'), object: z.literal('held_number'), number: z.string(), state: z.enum(NUMBER_STATES) })
  .meta({ id: 'HeldNumber' });
const heldToWire = (n: TenantNumber): z.infer<typeof heldOut> => ({
  id: toPublicId('number', n.id),
  object: 'held_number',
  number: n.e164,
  state: stateOf(n),
});
const returnOut = z
  .strictObject({
    object: z.literal('number_return'),
    number: z.string(),
    supplier: z.string().describe('The carrier, as orders name it'),
    requested_at: timestampOut(),
  })
  .meta({ id: 'NumberReturn' });
const returnToWire = (r: NumberReturn): z.infer<typeof returnOut> => ({
  object: 'number_return',
  number: r.e164,
  supplier: r.supplier,
  requested_at: r.requestedAt.toISOString(),
});

@ApiTags('Numbers')
@Controller('v1')
export class InventoryController {
  constructor(
    private readonly queries: InventoryQueries,
    private readonly blocks: NumberBlockQueries,
    private readonly history: NumberHistoryQueries,
    private readonly service: SuspendNumber,
    private readonly returning: ReturnNumber,
  ) {}

  @Get('available-numbers')
  @Allow('numbers:read')
  @ApiOperation({ operationId: 'searchAvailableNumbers', summary: 'Search the numbers that can be ordered, with their price' })
  @Returns(200, pageOut(availableOut, 'AvailableNumberPage'), 'A page, in the order of the numbers')
  @Problems(400, 403, 409)
  async available(@Tenant() ctx: TenantContext, @Query({ schema: availableQuery }) query: z.infer<typeof availableQuery>) {
    const found = await this.queries.available(ctx, searchOf(query));
    return { data: found.data.map((n) => availableToWire(n, found)), next_cursor: found.nextCursor };
  }

  @Get('inventory-numbers')
  @OperatorOnly()
  @ApiOperation({ operationId: 'listInventoryNumbers', summary: 'List the numbers the platform holds' })
  @Returns(200, pageOut(inventoryOut, 'InventoryNumberPage'), 'A page, in the order of the numbers')
  @Problems(400, 403)
  async inventory(@Operator() ctx: SystemContext, @Query({ schema: inventoryQuery }) query: z.infer<typeof inventoryQuery>) {
    const { data, nextCursor } = await this.queries.all(ctx, searchOf(query));
    return { data: data.map(inventoryToWire), next_cursor: nextCursor };
  }

  @Get('inventory-numbers/:number/history')
  @OperatorOnly()
  @ApiOperation({ operationId: 'listInventoryNumberHistory', summary: 'List who had a number when, the newest first' })
  @Returns(200, pageOut(historyOut, 'NumberHistoryPage'), 'A page')
  @Problems(400, 403, 404)
  async past(@Operator() ctx: SystemContext, @Param('number', number) e164: string, @Query({ schema: page }) query: z.infer<typeof page>) {
    const { data, nextCursor } = await this.history.ofE164(ctx, e164 as E164, query);
    return { data: data.map(historyToWire), next_cursor: nextCursor };
  }

  @Post('inventory-numbers/:number/suspend')
  @OperatorOnly()
  @ApiOperation({ operationId: 'suspendInventoryNumber', summary: 'Take a tenant’s number out of service; the tenant keeps it' })
  @Returns(200, heldOut, 'Out of service')
  @Problems(400, 403, 404, 409, 422)
  async suspend(
    @Operator() ctx: SystemContext,
    @Param('number', number) e164: string,
    @Body({ schema: because }) body: z.infer<typeof because>,
  ) {
    return heldToWire(await this.service.suspend(ctx, e164 as E164, body.reason));
  }

  @Post('inventory-numbers/:number/reinstate')
  @OperatorOnly()
  @ApiOperation({ operationId: 'reinstateInventoryNumber', summary: 'Put a suspended number back into service' })
  @Returns(200, heldOut, 'In service')
  @Problems(400, 403, 404, 409, 422)
  async reinstate(
    @Operator() ctx: SystemContext,
    @Param('number', number) e164: string,
    @Body({ schema: because }) body: z.infer<typeof because>,
  ) {
    return heldToWire(await this.service.reinstate(ctx, e164 as E164, body.reason));
  }

  @Post('inventory-numbers/:number/return')
  @OperatorOnly()
  @ApiOperation({
    operationId: 'returnInventoryNumber',
    summary: 'Give a number back to the carrier it came from',
    description:
      'One in quarantine that its last tenant cannot restore any more, of a carrier whose API numbers are ordered by. It is out of the inventory at once; the carrier is ' +
      'told afterwards, as often as it takes.',
  })
  @Returns(200, returnOut, 'The carrier will be told')
  @Problems(400, 403, 404, 409)
  async giveBack(@Operator() ctx: SystemContext, @Param('number', number) e164: string) {
    return returnToWire(await this.returning.execute(ctx, e164 as E164));
  }

  @Get('number-blocks')
  @OperatorOnly()
  @ApiOperation({ operationId: 'listNumberBlocks', summary: 'List the blocks of a thousand numbers, and how much of each there is' })
  @Returns(200, pageOut(blockOut, 'NumberBlockPage'), 'A page, in the order of the numbers')
  @Problems(400, 403)
  async allBlocks(@Operator() ctx: SystemContext, @Query({ schema: blockQuery }) query: z.infer<typeof blockQuery>) {
    const { data, nextCursor } = await this.blocks.list(ctx, query);
    return { data: data.map(blockToWire), next_cursor: nextCursor };
  }
}
