import { Body, Controller, Delete, Get, Header, Headers, HttpCode, Param, Patch, Post, Query, StreamableFile } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import { AppError, camelKeys } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Allow, DOCUMENT_TYPES, HeedsIfMatch, Problems, Returns, Tenant, idIn, text } from '@trunkline/platform';
import { z } from 'zod';
import { tenancyErrors } from '../core/errors.ts';
import { DOCUMENT_KINDS } from '../core/kyc-file.ts';
import type { KycStatement } from '../core/kyc-file.ts';
import { ChangeKycFile } from './change-kyc-file.ts';
import { KycDocuments } from './kyc-documents.ts';
import { KycQueries } from './kyc-queries.ts';
import { documentOut, documentToWire, fileChange, ownFileOut, ownFileToWire } from './kyc.schema.ts';

const newDocument = z.strictObject({ kind: z.enum(DOCUMENT_KINDS), file_name: text(120) });
const id = { schema: idIn('kycDocument') };

/** Who the tenant is, as it says itself. */
@ApiTags('Verification')
@Controller('v1/kyc-file')
export class KycFileController {
  constructor(
    private readonly change: ChangeKycFile,
    private readonly documents: KycDocuments,
    private readonly queries: KycQueries,
  ) {}

  @Get()
  @Allow('kyc:read')
  @ApiOperation({ operationId: 'getOwnKycFile', summary: 'Get what the tenant says of itself, and what came of it' })
  @Returns(200, ownFileOut, 'The file')
  @Problems(403)
  async get(@Tenant() ctx: TenantContext) {
    return ownFileToWire(await this.queries.file(ctx, ctx.tenantId));
  }

  @Patch()
  @Allow('kyc:write')
  @HeedsIfMatch()
  @ApiOperation({ operationId: 'updateKycFile', summary: 'Say who the tenant is and what it wants to do' })
  @Returns(200, ownFileOut, 'The changed file')
  @Problems(400, 403, 409)
  async patch(@Tenant() ctx: TenantContext, @Body({ schema: fileChange }) body: z.infer<typeof fileChange>) {
    await this.change.execute(ctx, camelKeys(body) as Partial<KycStatement>);
    return ownFileToWire(await this.queries.file(ctx, ctx.tenantId));
  }

  @Post('submit')
  @Allow('kyc:write')
  @HeedsIfMatch()
  @ApiOperation({
    operationId: 'submitKycFile',
    summary: 'Hand the file to the operator; in the 60 days before an approval expires, to renew it',
  })
  @Returns(200, ownFileOut, 'The submitted file')
  @Problems(400, 403, 409, 422)
  async submit(@Tenant() ctx: TenantContext) {
    await this.change.submit(ctx);
    return ownFileToWire(await this.queries.file(ctx, ctx.tenantId));
  }

  @Post('documents')
  @Allow('kyc:write')
  @ApiConsumes(...Object.keys(DOCUMENT_TYPES))
  @ApiBody({ schema: { type: 'string', format: 'binary' }, description: 'The document itself, at most 5 MiB' })
  @ApiOperation({ operationId: 'addKycDocument', summary: 'Add a document: PDF, PNG, JPEG or TIFF' })
  @Returns(201, documentOut, 'Added')
  @Problems(400, 403, 409, 413, 415, 422, 503)
  async add(
    @Tenant() ctx: TenantContext,
    @Query({ schema: newDocument }) query: z.infer<typeof newDocument>,
    @Headers('content-type') mediaType: string | undefined,
    @Body() bytes: unknown,
  ) {
    if (!Buffer.isBuffer(bytes)) throw new AppError(tenancyErrors.kycDocumentType);
    return documentToWire(await this.documents.add(ctx, { ...camelKeys(query), mediaType: mediaType ?? '', bytes }));
  }

  @Get('documents/:id/content')
  @Allow('kyc:read')
  @ApiOperation({ operationId: 'downloadKycDocument', summary: 'Download a document' })
  @ApiProduces(...Object.keys(DOCUMENT_TYPES))
  @Header('cache-control', 'no-store')
  @Header('x-content-type-options', 'nosniff')
  @Problems(403, 404)
  async download(@Tenant() ctx: TenantContext, @Param('id', id) documentId: string): Promise<StreamableFile> {
    const { document, bytes } = await this.documents.content(ctx, documentId);
    return new StreamableFile(bytes, { type: document.mediaType, disposition: 'attachment', length: bytes.length });
  }

  @Delete('documents/:id')
  @HttpCode(204)
  @Allow('kyc:write')
  @ApiOperation({ operationId: 'deleteKycDocument', summary: 'Take a document out of the file' })
  @ApiResponse({ status: 204, description: 'Gone, bytes and all' })
  @Problems(403, 404, 409)
  async delete(@Tenant() ctx: TenantContext, @Param('id', id) documentId: string): Promise<void> {
    await this.documents.remove(ctx, documentId);
  }
}
