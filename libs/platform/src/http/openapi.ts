import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { OpenAPIObject } from '@nestjs/swagger';
import { z } from 'zod';
import { problemSchema } from './problem.ts';

/** The OpenAPI 3.1 document of all controllers. */
export const openApiDocument = (app: NestFastifyApplication, version: string): OpenAPIObject => {
  const builder = new DocumentBuilder().setOpenAPIVersion('3.1.0').setTitle('Trunkline API').setVersion(version).setDescription('SIP trunks, channels, numbers, calls and their billing.').addBearerAuth();
  const document = SwaggerModule.createDocument(app, builder.build());
  const { $schema: _, ...problem } = z.toJSONSchema(problemSchema);
  document.components = { ...document.components, schemas: { ...document.components?.schemas, Problem: problem as never } };
  return document;
};

/** Serves the document at /openapi.json and its interactive reference page at /reference. */
export const serveReference = (app: NestFastifyApplication, document: OpenAPIObject): void => {
  SwaggerModule.setup('reference', app, document, { jsonDocumentUrl: 'openapi.json', customSiteTitle: 'Trunkline API reference' });
};
