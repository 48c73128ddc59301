import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { AppError } from '@trunkline/kernel';
import { Public, STATUS_BY_KIND, pageHeaders } from '@trunkline/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { authorityOf } from '../core/letter-of-authority.ts';
import { PAGE_POLICY, closedPage, sharedPortPage } from './shared-port-page.ts';
import { VisitSharedPort } from './visit-shared-port.ts';

const HEADERS = { ...pageHeaders(PAGE_POLICY), 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' };

/** The page that a share link leads to. */
@ApiExcludeController()
@Public()
@Controller('shared-ports')
export class SharedPortPage {
  constructor(private readonly visit: VisitSharedPort) {}

  @Get(':token')
  async page(
    @Req() { id: requestId, ip: sourceAddress }: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('token') token: string,
  ): Promise<string> {
    void reply.headers(HEADERS);
    try {
      const shared = await this.visit.look(token, { requestId, sourceAddress });
      const { gainingCarrier = '', losingCarrier = '' } = shared.letter ?? {};
      return sharedPortPage(shared, authorityOf(gainingCarrier, losingCarrier));
    } catch (error) {
      if (!(error instanceof AppError) || error.kind !== 'not_found') throw error;
      void reply.status(STATUS_BY_KIND[error.kind]);
      return closedPage();
    }
  }
}
