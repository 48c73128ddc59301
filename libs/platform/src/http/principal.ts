import type { Actor, Context } from '@trunkline/kernel';
import type { FastifyRequest } from 'fastify';
import type { OperatorPermission } from './permissions.ts';
import type { ApiScope } from './scopes.ts';

/** A person who is logged in. `boundTenantId`: whose identity provider says so, and for whom alone it counts. */
export type LoggedIn = { readonly personId: string; readonly sessionId: string; readonly boundTenantId: string | null };

/**
 * Whoever a bearer key or a session belongs to. An operator's key may do everything, one of its staff what the role allows. A `person` acts
 * for nobody: the request names none of several tenants.
 */
export type Principal = { readonly actor: Actor; readonly loggedIn?: LoggedIn } & (
  | { readonly kind: 'operator'; readonly permissions?: readonly (OperatorPermission | ApiScope)[] }
  | {
      readonly kind: 'tenant';
      readonly tenantId: string;
      readonly scopes: readonly ApiScope[];
      /** Of all that act for the tenant together; null or absent: what the platform allows everybody. */
      readonly requestsPerSecMax?: number | null;
    }
  | { readonly kind: 'person' }
);

/** Looks keys up. Implemented where keys live (tenancy), used by the guard here. */
export abstract class Authenticator {
  /**
   * @param address where the request comes from
   * @returns undefined when the key is unknown, expired or revoked
   * @throws AppError auth.address_not_allowed
   */
  abstract authenticate(key: string, address: string): Promise<Principal | undefined>;
  /** @param above a tenant that it must be below; absent: anywhere */
  abstract tenantExists(tenantId: string, above?: string): Promise<boolean>;
}

/** Looks sessions up. Implemented where people live. */
export abstract class SessionDoor {
  /** @returns undefined when the request names no session, or one that is over. @throws AppError auth.cross_site, resource.not_found */
  abstract authenticate(request: Pick<FastifyRequest, 'method' | 'headers'>): Promise<Principal | undefined>;
}

const contexts = new WeakMap<FastifyRequest, Context>();

/** The context the guard gave a request; undefined on public routes. */
export const contextOf = (request: FastifyRequest): Context | undefined => contexts.get(request);
export const setContext = (request: FastifyRequest, ctx: Context): void => void contexts.set(request, ctx);
