import type { Actor, Context } from '@trunkline/kernel';
import type { FastifyRequest } from 'fastify';
import type { ApiScope } from './scopes.ts';

/** Whoever a bearer key belongs to. */
export type Principal =
  | { readonly kind: 'operator'; readonly actor: Actor }
  | { readonly kind: 'tenant'; readonly actor: Actor; readonly tenantId: string; readonly scopes: readonly ApiScope[] };

/** Looks keys up. Implemented where keys live (tenancy), used by the guard here. */
export abstract class Authenticator {
  /** @returns undefined when the key is unknown, expired or revoked */
  abstract authenticate(key: string): Promise<Principal | undefined>;
  /** @param above a tenant that it must be below; absent: anywhere */
  abstract tenantExists(tenantId: string, above?: string): Promise<boolean>;
}

const contexts = new WeakMap<FastifyRequest, Context>();

/** The context the guard gave a request; undefined on public routes. */
export const contextOf = (request: FastifyRequest): Context | undefined => contexts.get(request);
export const setContext = (request: FastifyRequest, ctx: Context): void => void contexts.set(request, ctx);
