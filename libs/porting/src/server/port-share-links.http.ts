import { Body, Controller, Get, Header, Headers, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AppError, camelKeys } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Allow, DOCUMENT_TYPES, Problems, Public, Returns, Tenant, idIn, platformErrors } from '@trunkline/platform';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { letterSigning, newPortDocument } from './port-documents.schema.ts';
import type { PortDocumentRow } from './port-documents.sql.ts';
import { PORT_PAPERS } from './port-papers-config.ts';
import type { PortPapersConfig } from './port-papers-config.ts';
import * as wire from './port-share-links.schema.ts';
import { programIn } from './program-in.ts';
import { SharePortOrder } from './share-port-order.ts';
import { VisitSharedPort } from './visit-shared-port.ts';

const orderId = { schema: idIn('portOrder') };
const linkId = { schema: idIn('portShareLink') };
const token = { schema: wire.tokenIn };
const visitorOf = ({ id: requestId, ip: sourceAddress }: FastifyRequest) => ({ requestId, sourceAddress });
const receivedToWire = ({ kind, contentHash }: PortDocumentRow) => ({
  object: 'received_port_document' as const,
  kind,
  sha256: contentHash.toString('hex'),
});

/** Links for somebody without an account, and what they do with one. */
@ApiTags('Porting')
@Controller('v1')
export class PortShareLinksController {
  constructor(
    private readonly share: SharePortOrder,
    private readonly visit: VisitSharedPort,
    @Inject(PORT_PAPERS) private readonly config: PortPapersConfig,
  ) {}

  @Post('port-orders/:id/share-links')
  @Allow('porting:write')
  @ApiOperation({ operationId: 'createPortShareLink', summary: 'Make a link by which somebody without an account adds documents or signs' })
  @Returns(201, wire.madeShareLinkOut, 'The link')
  @Problems(400, 403, 404, 409, 422)
  async create(
    @Tenant() ctx: TenantContext,
    @Param('id', orderId) id: string,
    @Body({ schema: wire.newShareLink }) body: z.infer<typeof wire.newShareLink>,
  ) {
    const link = await this.share.create(ctx, id, camelKeys(body));
    return { ...wire.shareLinkToWire(link), url: `${this.config.publicUrl}/shared-ports/${link.token}` };
  }

  @Get('port-orders/:id/share-links')
  @Allow('porting:read')
  @ApiOperation({ operationId: 'listPortShareLinks', summary: 'List the links to a port order' })
  @Returns(200, wire.shareLinksOut, 'All of them, the oldest first')
  @Problems(403, 404)
  async list(@Tenant() ctx: TenantContext, @Param('id', orderId) id: string) {
    return { data: (await this.share.list(ctx, id)).map(wire.shareLinkToWire) };
  }

  @Post('port-share-links/:id/revoke')
  @HttpCode(200)
  @Allow('porting:write')
  @ApiOperation({ operationId: 'revokePortShareLink', summary: 'Revoke a link at once' })
  @Returns(200, wire.shareLinkOut, 'The revoked link')
  @Problems(403, 404, 422)
  async revoke(@Tenant() ctx: TenantContext, @Param('id', linkId) id: string) {
    return wire.shareLinkToWire(await this.share.revoke(ctx, id));
  }

  @Get('shared-ports/:token')
  @Public()
  @Header('cache-control', 'no-store')
  @ApiOperation({ operationId: 'getSharedPort', summary: 'With a link: what a port still needs' })
  @Returns(200, wire.sharedPortOut, 'What is asked for')
  @Problems(404, 429)
  async look(@Req() request: FastifyRequest, @Param('token', token) secret: string) {
    return wire.sharedPortToWire(await this.visit.look(secret, visitorOf(request)));
  }

  @Post('shared-ports/:token/documents')
  @Public()
  @ApiConsumes(...Object.keys(DOCUMENT_TYPES))
  @ApiBody({ schema: { type: 'string', format: 'binary' }, description: 'The document itself, at most 5 MiB' })
  @ApiOperation({ operationId: 'addSharedPortDocument', summary: 'With a link: add a document' })
  @Returns(201, wire.receivedOut, 'Added')
  @Problems(400, 404, 409, 413, 415, 429, 503)
  async upload(
    @Req() request: FastifyRequest,
    @Param('token', token) secret: string,
    @Query({ schema: newPortDocument }) query: z.infer<typeof newPortDocument>,
    @Headers('content-type') mediaType: string | undefined,
    @Body() bytes: unknown,
  ) {
    if (!Buffer.isBuffer(bytes)) throw new AppError(platformErrors.documentType);
    const document = { ...camelKeys(query), mediaType: mediaType ?? '', bytes };
    return receivedToWire(await this.visit.upload(secret, visitorOf(request), document));
  }

  @Post('shared-ports/:token/sign')
  @HttpCode(201)
  @Public()
  @ApiOperation({ operationId: 'signSharedPortLetter', summary: 'With a link: sign the letter of authority' })
  @Returns(201, wire.receivedOut, 'Signed')
  @Problems(400, 404, 409, 429)
  async sign(
    @Req() request: FastifyRequest,
    @Param('token', token) secret: string,
    @Body({ schema: letterSigning }) { numbers_sha256: numbersHash, ...body }: z.infer<typeof letterSigning>,
  ) {
    const signing = { ...camelKeys(body), numbersHash, userAgent: programIn(request.headers['user-agent']) };
    return receivedToWire(await this.visit.sign(secret, visitorOf(request), signing));
  }
}
