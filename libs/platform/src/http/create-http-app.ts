import { randomUUIDv7 } from 'node:crypto';
import { gunzip } from 'node:zlib';
import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ID_PREFIXES, invalidField, toPublicId } from '@trunkline/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DOCUMENT_TYPES } from '../documents/document-type.ts';
import { Log } from '../telemetry/log.ts';
import { Metrics } from '../telemetry/metrics.ts';
import { Shutdown } from '../telemetry/shutdown.ts';
import { RateLimit } from '../rate-limit/rate-limit.ts';
import { surroundChanges } from './around-handlers.ts';
import { CSV_BYTES_MAX, DOCUMENT_BYTES_MAX, JSON_BYTES_MAX, UNPACKED_CSV_BYTES_MAX, csvFault, jsonFault } from './limits.ts';
import { tagAnswers } from './preconditions.ts';
import { reachOf } from './reach.ts';
import { checkReads } from './returns.ts';
import { heedVersion } from './version.ts';

/** A request id of the caller's is taken when it is one as we make them, so that a gateway's log and ours can be joined; any other text is not repeated. */
const REQUEST_ID = new RegExp(`^${ID_PREFIXES.request}_[0-9a-z]{26}$`);

/**
 * A Nest application on Fastify with our limits, request ids, request log and metrics; used by the API process and by its tests alike.
 * @param trustedProxies whose word about where a request came from counts; nobody's when absent
 */
export const createHttpApp = async (module: Type | { module: Type }, trustedProxies?: string): Promise<NestFastifyApplication> => {
  const adapter = new FastifyAdapter({
    trustProxy: trustedProxies ?? false,
    bodyLimit: JSON_BYTES_MAX,
    requestTimeout: 30_000,
    genReqId: (req: { headers: Record<string, unknown> }) => {
      const given = req.headers['x-request-id'];
      return typeof given === 'string' && REQUEST_ID.test(given) ? given : toPublicId('request', randomUUIDv7());
    },
  });
  const app = await NestFactory.create<NestFastifyApplication>(module as Type, adapter, {
    rawBody: true,
    bufferLogs: true,
    abortOnError: false,
  });
  app.useLogger(app.get(Log));
  takeBodies(app);
  observeRequests(app);
  heedVersion(app.getHttpAdapter().getInstance());
  app.get(RateLimit).refuseEarly(app.getHttpAdapter().getInstance());
  surroundChanges(app);
  checkReads(app.getHttpAdapter().getInstance());
  tagAnswers(app.getHttpAdapter().getInstance());
  return app;
};

type Done = (error: Error | null, body?: unknown) => void;

/** JSON, CSV, documents and what carriers say in XML, within their limits; nothing else is taken. */
const takeBodies = (app: NestFastifyApplication): void => {
  const fastify = app.getHttpAdapter().getInstance();
  const parseJson = fastify.getDefaultJsonParser('error', 'error') as (request: unknown, text: string, done: Done) => void;
  app.useBodyParser('application/json', { bodyLimit: JSON_BYTES_MAX }, (request: unknown, body: Buffer, done: Done) => {
    const fault = jsonFault(body);
    if (fault) done(fault);
    else parseJson(request, body.toString('utf8'), done);
  });
  const takeCsv = (body: Buffer, done: Done) => done(csvFault(body) ?? null, body.toString('utf8'));
  app.useBodyParser('text/csv', { bodyLimit: CSV_BYTES_MAX }, (request: FastifyRequest, body: Buffer, done: Done) => {
    if (request.headers['content-encoding'] !== 'gzip') return takeCsv(body, done);
    gunzip(body, { maxOutputLength: UNPACKED_CSV_BYTES_MAX }, (error, unpacked) =>
      error ? done(invalidField('', 'gzip', 'The body is no gzip, or too large when unpacked')) : takeCsv(unpacked, done),
    );
  });
  for (const type of ['application/xml', 'text/xml'])
    app.useBodyParser(type, { bodyLimit: JSON_BYTES_MAX }, (_request: unknown, body: Buffer, done: Done) => done(null, body));
  for (const type of Object.keys(DOCUMENT_TYPES))
    app.useBodyParser(type, { bodyLimit: DOCUMENT_BYTES_MAX }, (_request: unknown, body: Buffer, done: Done) => done(null, body));
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
