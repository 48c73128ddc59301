import { invalidField } from '@trunkline/kernel';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { answerProblem } from './problem.ts';

/**
 * The days on which the API changed in a way that could break a client, oldest first. A request says with `Trunkline-Version` which one it was
 * written for; one that says nothing gets the oldest, so a client that never heard of versions is not broken by one. A breaking change
 * adds a day here and asks `versionOf(request)` where it answers; what only adds is no version.
 */
export const API_VERSIONS = ['2026-11-26'] as const;
export type ApiVersion = (typeof API_VERSIONS)[number];

const isVersion = (text: unknown): text is ApiVersion => API_VERSIONS.includes(text as ApiVersion);

/** The version that a request was written for. */
export const versionOf = ({ headers }: Pick<FastifyRequest, 'headers'>): ApiVersion => {
  const given = headers['trunkline-version'];
  return isVersion(given) ? given : API_VERSIONS[0];
};

/** Refuses a version that never was, before anything is done; tells each answer's version. */
export const heedVersion = (fastify: FastifyInstance): void => {
  fastify.addHook('onRequest', (request, reply, done) => {
    const given = request.headers['trunkline-version'];
    void reply.header('trunkline-version', versionOf(request));
    if (given === undefined || isVersion(given)) return done();
    const detail = `There is no such version; there are ${API_VERSIONS.join(', ')}`;
    answerProblem(reply, invalidField('/headers/trunkline-version', 'unknown', detail), request.id);
  });
};
