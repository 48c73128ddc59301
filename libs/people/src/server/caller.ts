import type { Actor, SystemContext } from '@trunkline/kernel';
import type { FastifyRequest } from 'fastify';

/** Where a request comes from that has no context of its own: nobody is logged in yet. */
export type Caller = { readonly requestId: string; readonly sourceAddress: string; readonly userAgent: string };

export const callerOf = (request: FastifyRequest): Caller => ({
  requestId: request.id,
  sourceAddress: request.ip,
  userAgent: (request.headers['user-agent'] ?? '').replace(/[^\x20-\x7e]/g, '').slice(0, 200),
});

export const contextOfCaller = ({ requestId, sourceAddress }: Caller, reason: string, personId?: string): SystemContext => {
  const actor: Actor = personId === undefined ? { type: 'system', id: reason } : { type: 'person', id: personId };
  return { kind: 'system', reason, actor, requestId, sourceAddress };
};
