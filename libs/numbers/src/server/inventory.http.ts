import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiTags } from '@nestjs/swagger';
import { camelKeys } from '@trunkline/kernel';
import type { SystemContext, TenantContext } from '@trunkline/kernel';
import { Allow, Operator, OperatorOnly, Problems, Returns, Tenant, pageOut } from '@trunkline/platform';
import { z } from 'zod';
import { ImportNumbers } from './import-numbers.ts';
import { InventoryQueries } from './inventory-queries.ts';
import {
  availableOut,
  availableQuery,
  availableToWire,
  importOut,
  importToWire,
  inventoryOut,
  inventoryQuery,
  inventoryToWire,
} from './numbers.schema.ts';

const sheet = z.string('must be a sheet of numbers sent as text/csv');
const example = 'number,country,area_code,locality,type,carrier_id\n+12025550123,US,202,Washington,local,\n';

@ApiTags('Numbers')
@Controller('v1')
export class InventoryController {
  constructor(
    private readonly importNumbers: ImportNumbers,
    private readonly queries: InventoryQueries,
  ) {}

  @Get('available-numbers')
  @Allow('numbers:read')
  @ApiOperation({ operationId: 'searchAvailableNumbers', summary: 'Search the numbers that can be ordered, with their price' })
  @Returns(200, pageOut(availableOut, 'AvailableNumberPage'), 'A page, in the order of the numbers')
  @Problems(400, 403, 409)
  async available(@Tenant() ctx: TenantContext, @Query({ schema: availableQuery }) query: z.infer<typeof availableQuery>) {
    const { data, nextCursor, plan } = await this.queries.available(ctx, camelKeys(query));
    return { data: data.map((n) => availableToWire(n, plan)), next_cursor: nextCursor };
  }

  @Get('inventory-numbers')
  @OperatorOnly()
  @ApiOperation({ operationId: 'listInventoryNumbers', summary: 'List the numbers the platform holds' })
  @Returns(200, pageOut(inventoryOut, 'InventoryNumberPage'), 'A page, in the order of the numbers')
  @Problems(400, 403)
  async inventory(@Operator() ctx: SystemContext, @Query({ schema: inventoryQuery }) query: z.infer<typeof inventoryQuery>) {
    const { data, nextCursor } = await this.queries.all(ctx, camelKeys(query));
    return { data: data.map(inventoryToWire), next_cursor: nextCursor };
  }

  @Post('number-imports')
  @OperatorOnly()
  @ApiConsumes('text/csv')
  @ApiBody({ schema: { type: 'string', example } })
  @ApiOperation({
    operationId: 'importNumbers',
    summary: 'Add a sheet of numbers to the inventory',
    description:
      'Columns, in any order: number (needed), country, area_code, locality, type, carrier_id. Bad lines are reported and do not stop good ones.',
  })
  @Returns(201, importOut, 'What became of the lines')
  @Problems(400, 403, 413, 422)
  async import(@Operator() ctx: SystemContext, @Body({ schema: sheet }) csv: string) {
    return importToWire(await this.importNumbers.execute(ctx, csv));
  }
}
