import { Readable } from 'node:stream';
import { Controller, Get, Param, Query, StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { TenantContext } from '@trunkline/kernel';
import { Allow, Problems, Returns, Tenant, idIn, pageOut } from '@trunkline/platform';
import type { z } from 'zod';
import { FILES, callFile } from './call-file.ts';
import { CallQueries } from './call-queries.ts';
import { callDetailOut, callDetailToWire, callExportQuery, callFilter, callOut, callToWire, searchOf } from './calls.schema.ts';

/** Rows of one statement of an export: about 1 MB in memory, whatever the size of the file. */
const PIECE = 2_000;

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
    const { limit, cursor, ...search } = query;
    const { data, nextCursor } = await this.queries.list(ctx, { limit, cursor, ...searchOf(search) });
    return { data: data.map(callToWire), next_cursor: nextCursor };
  }

  @Get('export')
  @Allow('calls:read')
  @ApiOperation({
    operationId: 'exportCalls',
    summary: 'Stream calls as a file, the newest first',
    description:
      'CSV by RFC 4180. A cell that a spreadsheet could take for a formula, which E.164 numbers with their + are too, begins with an apostrophe: take it away to get the value. A stream that breaks off is not complete.',
  })
  @ApiProduces('text/csv', 'application/x-ndjson')
  @ApiResponse({ status: 200, description: 'The file', content: { 'text/csv': { schema: { type: 'string' } }, 'application/x-ndjson': { schema: { type: 'string' } } } }) // prettier-ignore
  @Problems(400, 403)
  export(@Tenant() ctx: TenantContext, @Query({ schema: callExportQuery }) query: z.infer<typeof callExportQuery>): StreamableFile {
    const { format, ...search } = query;
    const bytes = callFile(format, this.queries.pieces(ctx, searchOf(search), PIECE));
    const disposition = `attachment; filename="calls.${format}"`;
    return new StreamableFile(Readable.from(bytes, { objectMode: false }), { type: FILES[format].type, disposition });
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
