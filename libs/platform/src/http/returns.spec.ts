import Fastify from 'fastify';
import { z } from 'zod';
import { checkReads } from './returns.ts';

const answer = z.strictObject({ id: z.string(), at: z.date().transform((at) => at.toISOString()) });
const serving = (payload: object, status = 200) => {
  const fastify = Fastify();
  checkReads(fastify);
  fastify.get('/', { config: { answer } as object }, (_request, reply) => reply.code(status).send(payload));
  return fastify;
};
const at = new Date('2026-11-27T00:00:00Z');

describe('what a read lets out', () => {
  it('is what its route declared, in the form that it declared', async () => {
    const { statusCode, body } = await serving({ id: 'a', at }).inject('/');
    expect([statusCode, JSON.parse(body)]).toEqual([200, { id: 'a', at: '2026-11-27T00:00:00.000Z' }]);
  });

  it.each([{ id: 'a', at, password_hash: 'x' }, { id: 'a' }, { id: 1, at }])('is never anything else: %j', async (payload) => {
    const { statusCode, body } = await serving(payload).inject('/');
    expect(statusCode).toBe(500);
    expect(body).not.toContain('"x"');
  });

  it('is a problem as it is', async () => {
    const { statusCode, body } = await serving({ code: 'resource.not_found' }, 404).inject('/');
    expect([statusCode, JSON.parse(body)]).toEqual([404, { code: 'resource.not_found' }]);
  });
});
