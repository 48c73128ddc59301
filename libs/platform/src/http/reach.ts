import { AppError } from '@trunkline/kernel';
import type { AboveContext, SystemContext, TenantContext } from '@trunkline/kernel';
import type { FastifyRequest } from 'fastify';
import { platformErrors } from './errors.ts';
import type { OperatorPermission } from './permissions.ts';
import type { LoggedIn, Principal } from './principal.ts';
import type { ApiScope } from './scopes.ts';

/** What a key or a session may reach in one request. A route asks once, a GraphQL query once for each of its fields. */
export class Reach {
  /** @param tenantId whom the request acts for: the key's own tenant, or the one that the header named */
  constructor(
    readonly principal: Principal,
    readonly tenantId: string | undefined,
    readonly request: {
      readonly requestId: string;
      readonly sourceAddress: string;
      readonly expectedRevisions?: readonly number[];
    },
    /** What is asked, `GET /v1/tenants`. */
    private readonly route: string,
  ) {}

  /** @throws AppError auth.scope_missing, auth.tenant_required */
  tenant(scope: ApiScope): TenantContext {
    const { principal, tenantId, request } = this;
    this.demand(scope);
    if (tenantId === undefined) throw new AppError(platformErrors.tenantRequired);
    return { kind: 'tenant', tenantId, actor: principal.actor, ...request };
  }

  /**
   * All tenants for the operator, those below the one it acts as for a tenant.
   * @param permission what one of the operator's staff needs
   * @throws AppError auth.scope_missing
   */
  above(scope: ApiScope, permission: OperatorPermission): AboveContext {
    const { principal, tenantId, request } = this;
    if (principal.kind === 'operator') return this.operator(permission);
    this.demand(scope);
    if (tenantId === undefined) throw new AppError(platformErrors.tenantRequired);
    return { kind: 'subtree', tenantId, reason: this.route, actor: principal.actor, ...request };
  }

  /** @throws AppError auth.operator_only, auth.scope_missing */
  operator(permission: OperatorPermission = 'operator:write'): SystemContext {
    if (this.principal.kind !== 'operator') throw new AppError(platformErrors.operatorOnly);
    if (this.principal.permissions?.includes(permission) === false)
      throw new AppError(platformErrors.forbidden, `The role lacks the permission ${permission}`);
    return { kind: 'system', reason: 'operator request', actor: this.principal.actor, ...this.request };
  }

  /** Somebody who is logged in, and the context of what they do to themselves. @throws AppError auth.person_only */
  person(): LoggedIn & { readonly ctx: SystemContext } {
    const { actor, loggedIn } = this.principal;
    if (!loggedIn) throw new AppError(platformErrors.personOnly);
    return { ...loggedIn, ctx: { kind: 'system', reason: 'own account', actor, ...this.request } };
  }

  private demand(scope: ApiScope): void {
    const { principal } = this;
    if (principal.kind === 'tenant' && !principal.scopes.includes(scope))
      throw new AppError(platformErrors.forbidden, `The ${principal.loggedIn ? 'role' : 'key'} lacks the scope ${scope}`);
    if (principal.kind === 'operator' && principal.permissions?.includes(scope) === false)
      throw new AppError(platformErrors.forbidden, `The role lacks the scope ${scope}`);
  }
}

const reaches = new WeakMap<FastifyRequest, Reach>();

/** What the guard found that a request's key may reach; undefined on public routes. */
export const reachOf = (request: FastifyRequest): Reach | undefined => reaches.get(request);
export const setReach = (request: FastifyRequest, reach: Reach): void => void reaches.set(request, reach);
