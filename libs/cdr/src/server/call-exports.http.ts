import { Readable } from 'node:stream';
import { Body, Controller, Get, Header, Param, Post, Query, StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import { toPublicId } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Allow, Problems, Returns, Tenant, idIn, idOut, pageOut, pageQuery, timestampOut } from '@trunkline/platform';
import { z } from 'zod';
import { CallExportQueries } from './call-export-queries.ts';
import { EXPORT_STATES } from './call-exports.sql.ts';
import type { CallExport } from './call-exports.sql.ts';
import { FILES } from './call-file.ts';
import { newCallExport, searchOf } from './calls.schema.ts';
import { CreateCallExport } from './create-call-export.ts';

export const exportOut = z
  .strictObject({
    id: idOut('callExport'),
    object: z.literal('call_export'),
    format: z.enum(['csv', 'ndjson']),
    state: z.enum(EXPORT_STATES),
    row_count: z.int().nullable(),
    byte_count: z.int().nullable(),
    sha256: z.string().nullable().describe('Of the whole file, hexadecimal'),
    error: z.string().nullable(),
    created_at: timestampOut(),
    finished_at: timestampOut().nullable(),
    expires_at: timestampOut().describe('The file is deleted then'),
  })
  .meta({ id: 'CallExport' });

export const exportToWire = (e: CallExport): z.infer<typeof exportOut> => ({
  id: toPublicId('callExport', e.id),
  object: 'call_export',
  format: e.format,
  state: e.state,
  row_count: e.rowCount,
  byte_count: e.byteCount === null ? null : Number(e.byteCount),
  sha256: e.sha256 && e.sha256.toString('hex'),
  error: e.error,
  created_at: e.createdAt.toISOString(),
  finished_at: e.finishedAt && e.finishedAt.toISOString(),
  expires_at: e.expiresAt.toISOString(),
});

const page = z.strictObject(pageQuery);
const id = { schema: idIn('callExport') };

@ApiTags('Calls')
@Controller('v1/call-exports')
export class CallExportsController {
  constructor(
    private readonly create: CreateCallExport,
    private readonly queries: CallExportQueries,
  ) {}

  @Post()
  @Allow('calls:read')
  @ApiOperation({ operationId: 'createCallExport', summary: 'Have a file of calls made', description: 'Takes what `GET /v1/calls` takes.' })
  @Returns(201, exportOut, 'Asked for')
  @Problems(400, 403, 409, 422)
  async post(@Tenant() ctx: TenantContext, @Body({ schema: newCallExport }) body: z.infer<typeof newCallExport>) {
    const { format, ...search } = body;
    return exportToWire(await this.create.execute(ctx, format, searchOf(search)));
  }

  @Get()
  @Allow('calls:read')
  @ApiOperation({ operationId: 'listCallExports', summary: 'List exports, the newest first' })
  @Returns(200, pageOut(exportOut, 'CallExportPage'), 'A page')
  @Problems(400, 403)
  async list(@Tenant() ctx: TenantContext, @Query({ schema: page }) query: z.infer<typeof page>) {
    const { data, nextCursor } = await this.queries.list(ctx, query);
    return { data: data.map(exportToWire), next_cursor: nextCursor };
  }

  @Get(':id')
  @Allow('calls:read')
  @ApiOperation({ operationId: 'getCallExport', summary: 'Get an export' })
  @Returns(200, exportOut, 'The export')
  @Problems(403, 404)
  async get(@Tenant() ctx: TenantContext, @Param('id', id) exportId: string) {
    return exportToWire(await this.queries.byId(ctx, exportId));
  }

  @Get(':id/download')
  @Allow('calls:read')
  @ApiOperation({ operationId: 'downloadCallExport', summary: 'Download the file of an export' })
  @ApiProduces('text/csv', 'application/x-ndjson')
  @ApiResponse({ status: 200, description: 'The file', schema: { type: 'string' } })
  @Header('cache-control', 'no-store')
  @Problems(403, 404, 409)
  async download(@Tenant() ctx: TenantContext, @Param('id', id) exportId: string): Promise<StreamableFile> {
    const { made, bytes } = await this.queries.file(ctx, exportId);
    const { type } = FILES[made.format];
    const disposition = `attachment; filename="${toPublicId('callExport', made.id)}.${made.format}"`;
    return new StreamableFile(Readable.from(bytes, { objectMode: false }), { type, disposition, length: Number(made.byteCount) });
  }
}
