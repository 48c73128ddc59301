import { HttpCode, SerializeOptions, applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import type { z } from 'zod';

/** One schema for three uses: the status line, the OpenAPI response, and what the serialiser lets out. */
export const Returns = (status: number, schema: z.ZodType, description: string) =>
  applyDecorators(HttpCode(status), SerializeOptions({ schema }), ApiResponse({ status, description, standardSchema: schema }));

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
