import { AppError } from '@trunkline/kernel';
import type { AboveContext, SystemContext, TenantContext } from '@trunkline/kernel';
import type { FastifyRequest } from 'fastify';
import { platformErrors } from './errors.ts';
import type { Principal } from './principal.ts';
import type { ApiScope } from './scopes.ts';

/** What a key may reach in one request. A route asks once, a GraphQL query once for each of its fields. */
export class Reach {
  /** @param tenantId whom the request acts for: the key's own tenant, or the one that the header named */
  constructor(
    readonly principal: Principal,
    readonly tenantId: string | undefined,
    readonly request: { readonly requestId: string; readonly sourceAddress: string },
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

  /** All tenants for the operator, those below the one it acts as for a tenant's key. @throws AppError auth.scope_missing */
  above(scope: ApiScope): AboveContext {
    const { principal, tenantId, request } = this;
    this.demand(scope);
    if (principal.kind === 'operator' || tenantId === undefined) return this.operator();
    return { kind: 'subtree', tenantId, reason: this.route, actor: principal.actor, ...request };
  }

  /** @throws AppError auth.operator_only */
  operator(): SystemContext {
    if (this.principal.kind !== 'operator') throw new AppError(platformErrors.operatorOnly);
    return { kind: 'system', reason: 'operator request', actor: this.principal.actor, ...this.request };
  }

  private demand(scope: ApiScope): void {
    if (this.principal.kind === 'tenant' && !this.principal.scopes.includes(scope))
      throw new AppError(platformErrors.forbidden, `The key lacks the scope ${scope}`);
  }
}

const reaches = new WeakMap<FastifyRequest, Reach>();

/** What the guard found that a request's key may reach; undefined on public routes. */
export const reachOf = (request: FastifyRequest): Reach | undefined => reaches.get(request);
export const setReach = (request: FastifyRequest, reach: Reach): void => void reaches.set(request, reach);
