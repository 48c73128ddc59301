import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from '@trunkline/platform';
import type { FastifyReply } from 'fastify';
import { documentedCodes } from './error-codes.ts';
import { HEADERS, codePage, indexPage, unknownPage } from './error-pages.ts';

const send = (reply: FastifyReply, status: number, page: string): string => {
  void reply.status(status).headers(HEADERS);
  return page;
};

/** The pages that the `type` of every problem points to. */
@ApiExcludeController()
@Public()
@Controller('errors')
export class ErrorsController {
  @Get()
  index(@Res({ passthrough: true }) reply: FastifyReply): string {
    return send(reply, 200, indexPage(documentedCodes()));
  }

  @Get(':code')
  page(@Param('code') code: string, @Res({ passthrough: true }) reply: FastifyReply): string {
    const { api, edge } = documentedCodes();
    const found = [...api, ...edge].find((one) => one.code === code);
    return found ? send(reply, 200, codePage(found)) : send(reply, 404, unknownPage());
  }
}
