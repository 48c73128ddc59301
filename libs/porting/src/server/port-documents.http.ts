import { Body, Controller, Delete, Get, Header, Headers, HttpCode, Param, Post, Query, StreamableFile } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import { AppError, camelKeys } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Allow, DOCUMENT_TYPES, Problems, Returns, Tenant, idIn, platformErrors } from '@trunkline/platform';
import type { z } from 'zod';
import { documentOut, letterOut, letterSigning, letterToWire, newPortDocument, portDocumentToWire } from './port-documents.schema.ts';
import { PortDocuments } from './port-documents.ts';
import { programIn } from './program-in.ts';
import { SignPortLetter } from './sign-port-letter.ts';

const orderId = { schema: idIn('portOrder') };
const documentId = { schema: idIn('portDocument') };

/** What an order has to show. */
@ApiTags('Porting')
@Controller('v1')
export class PortDocumentsController {
  constructor(
    private readonly documents: PortDocuments,
    private readonly letter: SignPortLetter,
  ) {}

  @Post('port-orders/:id/documents')
  @Allow('porting:write')
  @ApiConsumes(...Object.keys(DOCUMENT_TYPES))
  @ApiBody({ schema: { type: 'string', format: 'binary' }, description: 'The document itself, at most 5 MiB' })
  @ApiOperation({ operationId: 'addPortDocument', summary: 'Add a document to a port order: PDF, PNG, JPEG or TIFF' })
  @Returns(201, documentOut, 'Added')
  @Problems(400, 403, 404, 409, 413, 415, 422, 503)
  async add(
    @Tenant() ctx: TenantContext,
    @Param('id', orderId) id: string,
    @Query({ schema: newPortDocument }) query: z.infer<typeof newPortDocument>,
    @Headers('content-type') mediaType: string | undefined,
    @Body() bytes: unknown,
  ) {
    if (!Buffer.isBuffer(bytes)) throw new AppError(platformErrors.documentType);
    const input = { ...camelKeys(query), mediaType: mediaType ?? '', bytes, shareLinkId: null };
    return portDocumentToWire(await this.documents.add(ctx, id, input));
  }

  @Get('port-documents/:id/content')
  @Allow('porting:read')
  @ApiOperation({ operationId: 'downloadPortDocument', summary: 'Download a document of a port order' })
  @ApiProduces(...Object.keys(DOCUMENT_TYPES))
  @Header('cache-control', 'no-store')
  @Header('x-content-type-options', 'nosniff')
  @Problems(403, 404)
  async download(@Tenant() ctx: TenantContext, @Param('id', documentId) id: string): Promise<StreamableFile> {
    const { document, bytes } = await this.documents.content(ctx, id);
    return new StreamableFile(bytes, { type: document.mediaType, disposition: 'attachment', length: bytes.length });
  }

  @Delete('port-documents/:id')
  @HttpCode(204)
  @Allow('porting:write')
  @ApiOperation({ operationId: 'deletePortDocument', summary: 'Take a document out of a port order' })
  @ApiResponse({ status: 204, description: 'Gone, bytes and all' })
  @Problems(403, 404, 409)
  async delete(@Tenant() ctx: TenantContext, @Param('id', documentId) id: string): Promise<void> {
    await this.documents.remove(ctx, id);
  }

  @Get('port-orders/:id/letter')
  @Allow('porting:read')
  @ApiOperation({ operationId: 'getPortLetter', summary: 'Get the letter of authority that a port order needs signed' })
  @Returns(200, letterOut, 'What it says')
  @Problems(403, 404, 409)
  async unsigned(@Tenant() ctx: TenantContext, @Param('id', orderId) id: string) {
    return letterToWire(await this.letter.unsigned(ctx, id));
  }

  @Post('port-orders/:id/letter/sign')
  @HttpCode(201)
  @Allow('porting:write')
  @ApiOperation({ operationId: 'signPortLetter', summary: 'Sign the letter of authority of a port order' })
  @Returns(201, documentOut, 'The signed letter')
  @Problems(400, 403, 404, 409, 422)
  async sign(
    @Tenant() ctx: TenantContext,
    @Param('id', orderId) id: string,
    @Body({ schema: letterSigning }) { numbers_sha256: numbersHash, ...body }: z.infer<typeof letterSigning>,
    @Headers('user-agent') program: string | undefined,
  ) {
    const signing = { ...camelKeys(body), numbersHash, userAgent: programIn(program), shareLinkId: null };
    return portDocumentToWire(await this.letter.execute(ctx, id, signing));
  }
}
