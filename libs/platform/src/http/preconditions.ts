import { hash } from 'node:crypto';
import { SetMetadata, applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiResponse } from '@nestjs/swagger';
import { AppError, invalidField } from '@trunkline/kernel';
import type { Context } from '@trunkline/kernel';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { platformErrors } from './errors.ts';

export const HEEDS_IF_MATCH = 'trunkline:heeds-if-match';

/** A change of a resource with a revision: its use case calls `expectRevision` with the row locked. */
export const HeedsIfMatch = () =>
  applyDecorators(
    SetMetadata(HEEDS_IF_MATCH, true),
    ApiHeader({
      name: 'If-Match',
      required: false,
      description: 'The ETag that was read: nothing is changed when the resource has another revision by now',
    }),
    ApiResponse({
      status: 412,
      description: 'Problem (RFC 9457)',
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    }),
  );

/** Call it with the row locked: what is true then is true until the commit. @throws AppError request.revision_mismatch */
export const expectRevision = ({ expectedRevisions }: Context, revision: number): void => {
  if (expectedRevisions && !expectedRevisions.includes(revision))
    throw new AppError(platformErrors.revisionMismatch, `The resource is at revision ${revision}`);
};

const LIST = /^(?:W\/)?"[\x21\x23-\x7e]{0,64}"(?:[ \t]*,[ \t]*(?:W\/)?"[\x21\x23-\x7e]{0,64}")*$/; // RFC 9110 §8.8.3
const OURS = /(?<!W\/)"(\d{1,9})-[0-9a-f]{16}"/g; // If-Match compares strongly (§13.1.1): a weak tag is nobody's

/** What If-Match says about revisions. A tag that is none of ours matches none. @throws AppError request.invalid where it would not be heeded */
export const expectationOf = (request: FastifyRequest, heeded: boolean): { expectedRevisions?: readonly number[] } => {
  const given = request.headers['if-match'];
  if (given === undefined) return {};
  if (!heeded) throw invalidField('/headers/if-match', 'unsupported', 'This operation changes nothing that has a revision');
  if (given === '*') return {};
  if (!LIST.test(given)) throw invalidField('/headers/if-match', 'invalid', 'If-Match must be a list of entity tags (RFC 9110 §13.1.1)');
  return { expectedRevisions: [...given.matchAll(OURS)].map(([, revision]) => Number(revision)) };
};

const revisions = new WeakMap<FastifyReply, number>();
const revisionIn = (payload: unknown): number | undefined => {
  const { id, revision } = (payload ?? {}) as { id?: unknown; revision?: unknown };
  return typeof id === 'string' && typeof revision === 'number' ? revision : undefined;
};

/**
 * Gives every answer that is a resource with a revision an ETag: the revision, which If-Match is compared by, and a hash of the
 * representation, which also holds what changes without a revision (how far the edges are). A GET that names it in If-None-Match gets 304.
 */
export const tagAnswers = (fastify: FastifyInstance): void => {
  fastify.addHook('preSerialization', (_request, reply, payload, done) => {
    const revision = reply.statusCode < 300 ? revisionIn(payload) : undefined;
    if (revision !== undefined) revisions.set(reply, revision);
    done(null, payload);
  });
  fastify.addHook(
    'onSend',
    (request: FastifyRequest, reply: FastifyReply, payload: unknown, done: (error: null, payload?: unknown) => void) => {
      const revision = revisions.get(reply);
      if (revision === undefined || typeof payload !== 'string') return done(null, payload);
      const tag = `"${revision}-${hash('sha256', payload).slice(0, 16)}"`;
      void reply.header('etag', tag);
      const known = request.method === 'GET' && [request.headers['if-none-match'] ?? []].flat().join(',');
      if (!known || (known !== '*' && !known.includes(tag))) return done(null, payload);
      void reply.code(304).removeHeader('content-type').removeHeader('content-length');
      return done(null, '');
    },
  );
};
