import { Injectable, Optional } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AppError, fromPublicId, notFound } from '@trunkline/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RateLimit } from '../rate-limit/rate-limit.ts';
import { ACCESS } from './access.ts';
import type { Access } from './access.ts';
import { platformErrors } from './errors.ts';
import { operatorPermission } from './permissions.ts';
import { HEEDS_IF_MATCH, expectationOf } from './preconditions.ts';
import { Authenticator, SessionDoor, setContext } from './principal.ts';
import type { Principal } from './principal.ts';
import { Reach, setReach } from './reach.ts';

const BEARER = /^Bearer ([A-Za-z0-9_]{20,80})$/;

/** What a route says of itself by its decorators. */
type Declared = { readonly access: Access; readonly heedsIfMatch: boolean; readonly operationId: string };

/** Turns the bearer key, or else the session, into the request's context, or refuses. A route that declares no access is refused to everybody. */
@Injectable()
export class AuthGuard implements CanActivate {
  private readonly declared = new WeakMap<object, Declared>(); // by handler: decorators are read once, not with every request

  constructor(
    private readonly reflector: Reflector,
    private readonly authenticator: Authenticator,
    private readonly rateLimit: RateLimit,
    @Optional() private readonly sessions?: SessionDoor,
  ) {}

  async canActivate(host: ExecutionContext): Promise<boolean> {
    const { access, heedsIfMatch, operationId } = this.declaredBy(host);
    if (access.kind === 'public') return true;
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const principal = await this.principalOf(request);
    if (!principal) throw new AppError(platformErrors.unauthenticated);
    await this.rateLimit.admit(principal, request, host.switchToHttp().getResponse<FastifyReply>());
    // what an operator does from above is the same whichever tenant a header names
    const fromAbove = access.kind === 'operator' || (access.kind === 'above' && principal.kind === 'operator');
    const header = request.headers['trunkline-tenant'];
    const own = principal.kind === 'tenant' ? principal.tenantId : undefined;
    const tenantId = fromAbove ? undefined : typeof header === 'string' ? await this.tenantNamed(header, principal) : own;
    const route = `${request.method} ${request.routeOptions.url ?? ''}`;
    const origin = { requestId: request.id, sourceAddress: request.ip, ...expectationOf(request, heedsIfMatch) };
    const reach = new Reach(principal, tenantId, origin, route);
    setReach(request, reach);
    if (access.kind === 'operator') setContext(request, reach.operator(operatorPermission(request.method, operationId)));
    if (access.kind === 'tenant') setContext(request, reach.tenant(access.scope));
    if (access.kind === 'above') setContext(request, reach.above(access.scope, operatorPermission(request.method, operationId)));
    if (access.kind === 'person') reach.person();
    return true;
  }

  private declaredBy(host: ExecutionContext): Declared {
    const handler = host.getHandler();
    const known = this.declared.get(handler);
    if (known) return known;
    const access = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, [handler, host.getClass()]);
    if (!access) throw new Error(`${host.getClass().name}.${handler.name} declares no access`);
    const { operationId = '' } = (Reflect.getMetadata('swagger/apiOperation', handler) ?? {}) as { operationId?: string };
    const declared = { access, heedsIfMatch: this.reflector.get<true | undefined>(HEEDS_IF_MATCH, handler) ?? false, operationId };
    this.declared.set(handler, declared);
    return declared;
  }

  private async principalOf(request: FastifyRequest): Promise<Principal | undefined> {
    const { authorization } = request.headers;
    if (authorization === undefined) return this.sessions?.authenticate(request);
    const key = BEARER.exec(authorization)?.[1];
    return key === undefined ? undefined : this.authenticator.authenticate(key, request.ip);
  }

  /** Whom a request acts for that names a tenant. @throws AppError resource.not_found for whoever is not there or not below the key's own tenant, auth.scope_missing */
  private async tenantNamed(name: string, principal: Principal): Promise<string | undefined> {
    if (principal.kind === 'person') return undefined;
    const own = principal.kind === 'tenant' ? principal.tenantId : undefined;
    const tenantId = fromPublicId('tenant', name);
    if (tenantId !== undefined && tenantId === own) return own;
    if (principal.kind === 'tenant' && !principal.scopes.includes('tenants:read'))
      throw new AppError(platformErrors.forbidden, 'To act as a tenant below, a key needs the scope tenants:read');
    if (!tenantId || !(await this.authenticator.tenantExists(tenantId, own))) throw notFound();
    return tenantId;
  }
}
