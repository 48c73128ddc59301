import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { toPublicId } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Operator, OperatorOnly, Problems, Returns, idIn, idOut, ipv4NetworkIn, text, timestampOut } from '@trunkline/platform';
import { z } from 'zod';
import { AllowAddress } from './allow-address.ts';
import type { AllowEntry } from './allow-address.ts';
import { AllowListQueries } from './allow-list-queries.ts';
import { RemoveAllowEntry } from './remove-allow-entry.ts';

const newAllowEntry = z
  .strictObject({ network: ipv4NetworkIn(8), note: text(120).nullable().default(null) })
  .meta({ id: 'NewEdgeAllowEntry' });

export const allowEntryOut = z
  .strictObject({
    id: idOut('edgeAllowEntry'),
    object: z.literal('edge_allow_entry'),
    network: z.string(),
    note: z.string().nullable(),
    created_at: timestampOut(),
  })
  .meta({ id: 'EdgeAllowEntry' });

export const allowEntryToWire = (e: AllowEntry): z.infer<typeof allowEntryOut> => ({
  id: toPublicId('edgeAllowEntry', e.id),
  object: 'edge_allow_entry',
  network: e.network,
  note: e.note,
  created_at: e.createdAt.toISOString(),
});

@ApiTags('Edges')
@Controller('v1/edge-allow-list')
export class EdgeAllowListController {
  constructor(
    private readonly allow: AllowAddress,
    private readonly remove: RemoveAllowEntry,
    private readonly queries: AllowListQueries,
  ) {}

  @Post()
  @OperatorOnly()
  @ApiOperation({
    operationId: 'createEdgeAllowEntry',
    summary: 'Name an address or network that no edge ever bans; it lifts a ban that runs',
  })
  @Returns(201, allowEntryOut, 'Added')
  @Problems(400, 403, 409, 422)
  async post(@Operator() ctx: SystemContext, @Body({ schema: newAllowEntry }) body: z.infer<typeof newAllowEntry>) {
    return allowEntryToWire(await this.allow.execute(ctx, body));
  }

  @Get()
  @OperatorOnly()
  @ApiOperation({ operationId: 'listEdgeAllowEntries', summary: 'List what is never banned' })
  @Returns(200, z.strictObject({ data: z.array(allowEntryOut), next_cursor: z.null() }).meta({ id: 'EdgeAllowEntryPage' }), 'All of it')
  @Problems(403)
  async list(@Operator() ctx: SystemContext) {
    return { data: (await this.queries.list(ctx)).map(allowEntryToWire), next_cursor: null };
  }

  @Delete(':id')
  @HttpCode(204)
  @OperatorOnly()
  @ApiOperation({ operationId: 'deleteEdgeAllowEntry', summary: 'Take an address off the list' })
  @ApiResponse({ status: 204, description: 'Removed' })
  @Problems(403, 404)
  async delete(@Operator() ctx: SystemContext, @Param('id', { schema: idIn('edgeAllowEntry') }) id: string): Promise<void> {
    await this.remove.execute(ctx, id);
  }
}
