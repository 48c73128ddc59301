import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { OpenAPIObject } from '@nestjs/swagger';
import { z } from 'zod';
import { problemSchema } from './problem.ts';

// every POST that knows its caller takes one (idempotency.interceptor.ts)
const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header' as const,
  required: false,
  description: 'Makes a repeat of this request return the first answer instead of acting again; kept for 24 hours',
  schema: { type: 'string' as const, maxLength: 255 },
};

/** The OpenAPI 3.1 document of all controllers. */
export const openApiDocument = (app: NestFastifyApplication, version: string): OpenAPIObject => {
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Trunkline API')
    .setVersion(version)
    .setDescription('SIP trunks, channels, numbers, calls and their billing.')
    .addBearerAuth()
    .addCookieAuth('trunkline_session');
  const document = SwaggerModule.createDocument(app, builder.build());
  const { $schema: _, ...problem } = z.toJSONSchema(problemSchema);
  document.components = { ...document.components, schemas: { ...document.components?.schemas, Problem: problem as never } };
  for (const path of Object.values(document.paths))
    if (path.post?.security?.some((way) => 'bearer' in way)) path.post.parameters = [...(path.post.parameters ?? []), IDEMPOTENCY_KEY];
  return document;
};

/** Serves the document at /openapi.json and its interactive reference page at /reference. */
export const serveReference = (app: NestFastifyApplication, document: OpenAPIObject): void => {
  SwaggerModule.setup('reference', app, document, { jsonDocumentUrl: 'openapi.json', customSiteTitle: 'Trunkline API reference' });
};
