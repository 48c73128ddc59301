import { Catch } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Log } from '../telemetry/log.ts';
import { toProblem } from './problem.ts';

/** The one place where errors become answers. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Log) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const problem = toProblem(error, request.id);
    const told = { requestId: request.id, route: request.routeOptions.url, err: error };
    if (problem.status === 503) this.log.warn(told, 'request refused for now');
    else if (problem.status >= 500) this.log.error(told, 'request failed');
    // limits that know better have said so
    if ((problem.status === 503 || problem.status === 429) && !reply.hasHeader('retry-after')) void reply.header('retry-after', '1');
    void reply.status(problem.status).type('application/problem+json').send(problem);
  }
}
