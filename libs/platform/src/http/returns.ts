import { HttpCode, SerializeOptions, applyDecorators } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiResponse } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';

/** One schema for three uses: the status line, the OpenAPI response, and what is let out. */
export const Returns = (status: number, schema: z.ZodType, description: string) =>
  applyDecorators(
    HttpCode(status),
    SerializeOptions({ schema }),
    RouteConfig({ answer: schema }),
    ApiResponse({ status, description, standardSchema: schema }),
  );

/** Lets out of a read what its route declared. Of a change the serialiser does, within what is saved under its idempotency key. */
export const checkReads = (fastify: FastifyInstance): void => {
  fastify.addHook('preSerialization', (request, reply, payload, done) => {
    const { answer } = request.routeOptions.config as { answer?: z.ZodType };
    if (!answer || reply.statusCode >= 300 || (request.method !== 'GET' && request.method !== 'HEAD')) return done(null, payload);
    const { error, data } = answer.safeParse(payload);
    if (error) done(new Error(`the answer is not as declared: ${error.message}`));
    else done(null, data);
  });
};

/** The problems a route can answer with, beside 401 and 503. */
export const Problems = (...statuses: readonly number[]) =>
  applyDecorators(
    ...[401, ...statuses, 429, 503].map((status) =>
      ApiResponse({
        status,
        description: 'Problem (RFC 9457)',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      }),
    ),
  );
