import { Readable } from 'node:stream';
import { Controller, Get, Query, StreamableFile, applyDecorators } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Context, SystemContext, TenantContext } from '@trunkline/kernel';
import type { z } from 'zod';
import { Allow, Operator, OperatorOnly, Tenant } from '../http/access.ts';
import { Problems, Returns } from '../http/returns.ts';
import { AUDIT_FILES, auditFile } from './audit-file.ts';
import { AuditQueries } from './audit-queries.ts';
import {
  auditEntryToWire,
  auditExport,
  auditFilter,
  auditPage,
  auditSearchOf,
  platformAuditExport,
  platformAuditFilter,
} from './audit.schema.ts';

/** Rows of one statement of an export: under 1 MB in memory, whatever the size of the file. */
const PIECE = 1_000;

const text = { schema: { type: 'string' } } as const;
const ReturnsFile = () =>
  applyDecorators(
    ApiProduces('text/csv', 'application/x-ndjson'),
    ApiResponse({ status: 200, description: 'The file', content: { 'text/csv': text, 'application/x-ndjson': text } }),
  );
const FILE = 'CSV by RFC 4180; a cell that a spreadsheet could take for a formula begins with an apostrophe. A stream that breaks off is not complete.'; // prettier-ignore

@ApiTags('Audit')
@Controller('v1')
export class AuditController {
  constructor(private readonly queries: AuditQueries) {}

  @Get('audit-entries')
  @Allow('audit:read')
  @ApiOperation({ operationId: 'listAuditEntries', summary: 'List what was changed by or for the tenant, the newest first' })
  @Returns(200, auditPage, 'A page')
  @Problems(400, 403)
  list(@Tenant() ctx: TenantContext, @Query({ schema: auditFilter }) query: z.infer<typeof auditFilter>) {
    return this.page(ctx, query);
  }

  @Get('audit-entries/export')
  @Allow('audit:read')
  @ApiOperation({ operationId: 'exportAuditEntries', summary: 'Stream what was changed as a file, the newest first', description: FILE })
  @ReturnsFile()
  @Problems(400, 403)
  export(@Tenant() ctx: TenantContext, @Query({ schema: auditExport }) query: z.infer<typeof auditExport>): StreamableFile {
    return this.file(ctx, query);
  }

  @Get('platform-audit-entries')
  @OperatorOnly()
  @ApiOperation({ operationId: 'listPlatformAuditEntries', summary: 'List what was changed across tenants, the newest first' })
  @Returns(200, auditPage, 'A page')
  @Problems(400, 403)
  listOfPlatform(@Operator() ctx: SystemContext, @Query({ schema: platformAuditFilter }) query: z.infer<typeof platformAuditFilter>) {
    return this.page(ctx, query);
  }

  @Get('platform-audit-entries/export')
  @OperatorOnly()
  @ApiOperation({ operationId: 'exportPlatformAuditEntries', summary: 'Stream what was changed across tenants as a file', description: FILE }) // prettier-ignore
  @ReturnsFile()
  @Problems(400, 403)
  exportOfPlatform(
    @Operator() ctx: SystemContext,
    @Query({ schema: platformAuditExport }) query: z.infer<typeof platformAuditExport>,
  ): StreamableFile {
    return this.file(ctx, query);
  }

  private async page(ctx: Context, { limit, cursor, ...query }: z.infer<typeof platformAuditFilter>) {
    const { data, nextCursor } = await this.queries.list(ctx, { limit, cursor, ...auditSearchOf(query) });
    return { data: data.map(auditEntryToWire), next_cursor: nextCursor };
  }

  private file(ctx: Context, { format, ...query }: z.infer<typeof platformAuditExport>): StreamableFile {
    const bytes = auditFile(format, this.queries.pieces(ctx, auditSearchOf(query), PIECE));
    const disposition = `attachment; filename="audit.${format}"`;
    return new StreamableFile(Readable.from(bytes, { objectMode: false }), { type: AUDIT_FILES[format].type, disposition });
  }
}
