import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public, pageHeaders } from '@trunkline/platform';
import type { FastifyReply } from 'fastify';
import { documentedCodes } from './error-codes.ts';
import { STYLE, STYLE_HASH, codePage, indexPage, unknownPage } from './error-pages.ts';

const HEADERS = { ...pageHeaders(`style-src '${STYLE_HASH}'`), 'content-type': 'text/html; charset=utf-8' };

const send = (reply: FastifyReply, status: number, title: string, body: string): string => {
  void reply.status(status).headers(HEADERS);
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title} · Trunkline</title><style>${STYLE}</style></head><body>${body}</body></html>`;
};

/** The pages that the `type` of every problem points to. */
@ApiExcludeController()
@Public()
@Controller('errors')
export class ErrorsController {
  @Get()
  index(@Res({ passthrough: true }) reply: FastifyReply): string {
    return send(reply, 200, 'Error codes', indexPage(documentedCodes()));
  }

  @Get(':code')
  page(@Param('code') code: string, @Res({ passthrough: true }) reply: FastifyReply): string {
    const { api, edge } = documentedCodes();
    const found = [...api, ...edge].find((one) => one.code === code);
    return found ? send(reply, 200, found.code, codePage(found)) : send(reply, 404, 'No such code', unknownPage());
  }
}
