import { Body, Controller, Post, Req, Res } from '@nestjs/common';
import type { RawBodyRequest } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { AppError } from '@trunkline/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AnyKey, Reached } from '../http/access.ts';
import { platformErrors } from '../http/errors.ts';
import type { Reach } from '../http/reach.ts';
import { Problems, Returns } from '../http/returns.ts';
import { AnswerQuery } from './answer-query.ts';
import { BODY_MAX } from './limits.ts';

const requestIn = z
  .strictObject({
    query: z.string().min(1),
    variables: z.record(z.string(), z.unknown()).nullish(),
    operationName: z.string().max(200).nullish(),
    extensions: z.record(z.string(), z.unknown()).nullish().describe('Ignored'),
  })
  .meta({ id: 'GraphqlRequest' });
const answerOut = z
  .strictObject({
    data: z.record(z.string(), z.unknown()).nullable().optional(),
    errors: z
      .array(z.looseObject({ message: z.string() }))
      .optional()
      .describe('`extensions` is the problem that REST would answer with'),
  })
  .meta({ id: 'GraphqlAnswer' });

@ApiTags('GraphQL')
@Controller('graphql')
export class GraphqlController {
  constructor(private readonly answer: AnswerQuery) {}

  @Post()
  @AnyKey()
  @ApiOperation({ operationId: 'graphql', summary: 'Read what a dashboard shows in one request, and change it' })
  @Returns(200, answerOut, 'The query ran; fields that failed are null and listed in `errors`')
  @Problems(400, 404, 409, 422)
  async post(
    @Reached() reach: Reach,
    @Req() { rawBody, headers, url }: RawBodyRequest<FastifyRequest>,
    @Body({ schema: requestIn }) body: z.infer<typeof requestIn>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    if ((rawBody?.length ?? 0) > BODY_MAX) throw new AppError(platformErrors.tooLarge);
    const key = headers['idempotency-key'];
    const keyed = key === undefined ? undefined : { key, route: 'POST /graphql', url, body: rawBody };
    const { status, body: answer, replayed } = await this.answer.execute(reach, body, keyed);
    void reply.status(status);
    if (replayed) void reply.header('idempotent-replayed', 'true');
    return answer;
  }
}
