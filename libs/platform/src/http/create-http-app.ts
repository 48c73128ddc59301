import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ID_PREFIXES, invalidField, newId, toPublicId } from '@trunkline/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Log } from '../telemetry/log.ts';
import { Metrics } from '../telemetry/metrics.ts';
import { Shutdown } from '../telemetry/shutdown.ts';
import { reachOf } from './reach.ts';

const JSON_LIMIT = 1024 * 1024;
const CSV_LIMIT = 32 * 1024 * 1024;
const DOCUMENT_LIMIT = 5 * 1024 * 1024;
const DOCUMENT_TYPES = ['application/pdf', 'image/png', 'image/jpeg'];
const CSV_LINE_MAX = 10_000; // a sheet of a million columns would fill the memory before anybody could say that it has too many
const REQUEST_ID = new RegExp(`^${ID_PREFIXES.request}_[0-9a-z]{26}$`);

/**
 * A Nest application on Fastify with our limits, request ids, request log and metrics; used by the API process and by its tests alike.
 * @param trustedProxies whose word about where a request came from counts; nobody's when absent
 */
export const createHttpApp = async (module: Type | { module: Type }, trustedProxies?: string): Promise<NestFastifyApplication> => {
  const adapter = new FastifyAdapter({
    trustProxy: trustedProxies ?? false,
    bodyLimit: JSON_LIMIT,
    requestTimeout: 30_000,
    genReqId: (req: { headers: Record<string, unknown> }) => {
      const given = req.headers['x-request-id'];
      return typeof given === 'string' && REQUEST_ID.test(given) ? given : toPublicId('request', newId());
    },
  });
  const app = await NestFactory.create<NestFastifyApplication>(module as Type, adapter, {
    rawBody: true,
    bufferLogs: true,
    abortOnError: false,
  });
  app.useLogger(app.get(Log));
  app.useBodyParser(
    'text/csv',
    { bodyLimit: CSV_LIMIT },
    (_req: unknown, body: Buffer, done: (error: Error | null, text?: string) => void) =>
      longLine(body)
        ? done(invalidField('', 'line_too_long', `A line has more than ${CSV_LINE_MAX} bytes`))
        : done(null, body.toString('utf8')),
  );
  for (const type of DOCUMENT_TYPES)
    app.useBodyParser(type, { bodyLimit: DOCUMENT_LIMIT }, (_req: unknown, body: Buffer, done: (error: null, bytes: Buffer) => void) =>
      done(null, body),
    );
  observeRequests(app);
  return app;
};

const longLine = (body: Buffer): boolean => {
  let length = 0;
  for (const byte of body) {
    length = byte === 10 || byte === 13 ? 0 : length + 1;
    if (length > CSV_LINE_MAX) return true;
  }
  return false;
};

const observeRequests = (app: NestFastifyApplication): void => {
  const log = app.get(Log);
  const seconds = app.get(Metrics).histogram('http_request_duration_seconds', 'Time to answer a request', ['method', 'route', 'status']);
  const shutdown = app.get(Shutdown);
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook(
    'onSend',
    (request: FastifyRequest, reply: FastifyReply, payload: unknown, done: (error: null, payload: unknown) => void) => {
      void reply.header('x-request-id', request.id);
      if (shutdown.stopping) void reply.header('connection', 'close');
      done(null, payload);
    },
  );
  fastify.addHook('onResponse', (request: FastifyRequest, reply: FastifyReply, done: () => void) => {
    const route = request.routeOptions.url ?? 'none';
    const reach = reachOf(request);
    seconds.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
    log.info(
      {
        requestId: request.id,
        tenantId: reach?.tenantId,
        actor: reach?.principal.actor.id,
        method: request.method,
        route,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
      },
      'request',
    );
    done();
  });
};
