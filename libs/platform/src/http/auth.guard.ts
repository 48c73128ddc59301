import { Injectable } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AppError, fromPublicId, notFound } from '@trunkline/kernel';
import type { Context } from '@trunkline/kernel';
import type { FastifyRequest } from 'fastify';
import { ACCESS } from './access.ts';
import type { Access } from './access.ts';
import { platformErrors } from './errors.ts';
import { Authenticator, setContext } from './principal.ts';
import type { Principal } from './principal.ts';
import type { ApiScope } from './scopes.ts';

const BEARER = /^Bearer ([A-Za-z0-9_]{20,80})$/;

/** Turns the bearer key into the request's context, or refuses. A route that declares no access is refused to everybody. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authenticator: Authenticator,
  ) {}

  async canActivate(host: ExecutionContext): Promise<boolean> {
    const access = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, [host.getHandler(), host.getClass()]);
    if (access?.kind === 'public') return true;
    if (!access) throw new Error(`${host.getClass().name}.${host.getHandler().name} declares no access`);
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const key = BEARER.exec(request.headers.authorization ?? '')?.[1];
    const principal = key ? await this.authenticator.authenticate(key) : undefined;
    if (!principal) throw new AppError(platformErrors.unauthenticated);
    setContext(
      request,
      access.kind === 'operator' ? operatorContext(principal, request) : await this.tenantContext(principal, access.scope, request),
    );
    return true;
  }

  private async tenantContext(principal: Principal, scope: ApiScope, request: FastifyRequest): Promise<Context> {
    const base = { kind: 'tenant', actor: principal.actor, requestId: request.id, sourceAddress: request.ip } as const;
    if (principal.kind === 'tenant') {
      if (!principal.scopes.includes(scope)) throw new AppError(platformErrors.forbidden, `The key lacks the scope ${scope}`);
      return { ...base, tenantId: principal.tenantId };
    }
    const header = request.headers['trunkline-tenant'];
    if (typeof header !== 'string') throw new AppError(platformErrors.tenantRequired);
    const tenantId = fromPublicId('tenant', header);
    if (!tenantId || !(await this.authenticator.tenantExists(tenantId))) throw notFound();
    return { ...base, tenantId };
  }
}

const operatorContext = (principal: Principal, { id, ip }: FastifyRequest): Context => {
  if (principal.kind !== 'operator') throw new AppError(platformErrors.operatorOnly);
  return { kind: 'system', reason: 'operator request', actor: principal.actor, requestId: id, sourceAddress: ip };
};
