import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { pageHeaders } from './page-headers.ts';
import { ICON_SVG, REFERENCE_PAGE, REFERENCE_SCRIPT, REFERENCE_STYLE } from './reference-page.ts';

const SWAGGER_UI = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
const ofSwaggerUi = (name: string): Buffer => readFileSync(join(SWAGGER_UI, name));

/** Swagger UI writes style attributes and shows its icons as data; scripts, and whom it talks to, are this server alone. */
const HEADERS = pageHeaders("script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'");

/** One file in memory, sent gzipped to whoever takes that. */
const sender = (type: string, content: string | Buffer) => {
  const gzipped = gzipSync(content);
  return (request: FastifyRequest, reply: FastifyReply): void => {
    const zip = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
    const headers = { ...HEADERS, 'content-type': type, vary: 'accept-encoding', ...(zip ? { 'content-encoding': 'gzip' } : {}) };
    void reply.headers(headers).send(zip ? gzipped : Buffer.from(content));
  };
};

/** Serves the document at /openapi.json and its interactive reference page at /reference, where / leads. Nothing of it comes from another host. */
export const serveReference = (app: NestFastifyApplication, document: OpenAPIObject): void => {
  const files: Readonly<Record<string, ReturnType<typeof sender>>> = {
    '/openapi.json': sender('application/json; charset=utf-8', JSON.stringify(document)),
    '/favicon.ico': sender('image/svg+xml', ICON_SVG),
    '/reference': sender('text/html; charset=utf-8', REFERENCE_PAGE),
    '/reference/reference.css': sender('text/css; charset=utf-8', REFERENCE_STYLE),
    '/reference/reference.js': sender('text/javascript; charset=utf-8', REFERENCE_SCRIPT),
    '/reference/swagger-ui.css': sender('text/css; charset=utf-8', ofSwaggerUi('swagger-ui.css')),
    '/reference/swagger-ui-bundle.js': sender('text/javascript; charset=utf-8', ofSwaggerUi('swagger-ui-bundle.js')),
  };
  for (const [path, send] of Object.entries(files)) app.getHttpAdapter().get(path, send);
  app.getHttpAdapter().get('/', (_request: FastifyRequest, reply: FastifyReply) => void reply.redirect('/reference'));
};
