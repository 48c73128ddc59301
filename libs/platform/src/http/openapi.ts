import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { OpenAPIObject } from '@nestjs/swagger';
import { z } from 'zod';
import { describeParameters, describeSchemas } from './openapi-fields.ts';
import { completeOperation } from './openapi-operations.ts';
import type { Operation, ProblemCode } from './openapi-operations.ts';
import { problemSchema } from './problem.ts';

// every POST that knows its caller takes one (idempotency.interceptor.ts)
const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header' as const,
  required: false,
  description: 'Makes a repeat of this request return the first answer instead of acting again; kept for 24 hours',
  example: 'order-4711',
  schema: { type: 'string' as const, maxLength: 255 },
};

const INTRODUCTION = `SIP trunks, channels, numbers, calls and their billing.

**Keys** are sent as \`Authorization: Bearer tl_live_…\`. A tenant's key may do what its scopes name; an operator's key acts for a tenant with the header
\`Trunkline-Tenant\`. **Lists** answer \`{ data, next_cursor }\`: send \`next_cursor\` back as \`cursor\` for the next page; parameters that are not listed here are refused.
**Units** are the end of a name (\`_secs\`, \`_ms\`, \`_days\`); money is a decimal string with its currency, times are RFC 3339 in UTC, numbers E.164 with their +,
countries ISO 3166-1 alpha-2. A **POST** with an \`Idempotency-Key\` happens once. **Refusals** are problems (RFC 9457) with a stable \`code\`; [every code](/errors)
has a page. What is sent to webhook endpoints is below, under Webhooks.`;

/** The OpenAPI 3.1 document of all controllers. @param codes every error code the API can answer with */
export const openApiDocument = (
  app: NestFastifyApplication,
  version: string,
  codes: readonly ProblemCode[],
  webhooks: Record<string, object>,
): OpenAPIObject => {
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Trunkline API')
    .setVersion(version)
    .setDescription(INTRODUCTION)
    .addServer('/', 'This server')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An API key: `tl_live_…`' })
    .addCookieAuth('trunkline_session');
  const document = SwaggerModule.createDocument(app, builder.build()) as OpenAPIObject & { webhooks: Record<string, object> };
  document.info.license = { name: 'Apache-2.0', identifier: 'Apache-2.0' } as never;
  document.webhooks = webhooks;
  document.components = { ...document.components, schemas: { ...document.components?.schemas, Problem: problemComponent() as never } };
  describeParameters(document);
  describeSchemas(document.components.schemas);
  for (const [path, methods] of Object.entries(document.paths)) {
    if (methods.post?.security?.some((way) => 'bearer' in way))
      methods.post.parameters = [...(methods.post.parameters ?? []), IDEMPOTENCY_KEY];
    for (const operation of Object.values(methods) as Operation[]) completeOperation(document, path, operation, codes);
  }
  return document;
};

/** The schema by itself: what zod calls Problem it puts below `$defs`, where no `$ref` of the document looks. */
const problemComponent = (): unknown => z.toJSONSchema(problemSchema).$defs?.['Problem'];
