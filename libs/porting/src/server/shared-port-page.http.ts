import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { AppError } from '@trunkline/kernel';
import { Public, STATUS_BY_KIND } from '@trunkline/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { authorityOf } from '../core/letter-of-authority.ts';
import { SHARED_PORT_PAGES, busyPage, closedPage, sharedPortPage } from './shared-port-page.ts';
import { VisitSharedPort } from './visit-shared-port.ts';

const HEADERS = { ...SHARED_PORT_PAGES.headers, 'cache-control': 'no-store' };

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
    const answer = (status: number, html: string): string => {
      void reply.status(status).headers(HEADERS);
      return html;
    };
    try {
      const shared = await this.visit.look(token, { requestId, sourceAddress });
      const { gainingCarrier = '', losingCarrier = '' } = shared.letter ?? {};
      return answer(200, sharedPortPage(shared, authorityOf(gainingCarrier, losingCarrier)));
    } catch (error) {
      const kind = error instanceof AppError ? error.kind : undefined;
      if (kind === 'not_found') return answer(STATUS_BY_KIND[kind], closedPage());
      if (kind === 'rate_limited') return answer(STATUS_BY_KIND[kind], busyPage());
      throw error;
    }
  }
}
