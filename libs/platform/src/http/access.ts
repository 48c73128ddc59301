import { applyDecorators, createParamDecorator, SetMetadata } from '@nestjs/common';
import type { ExecutionContext } from '@nestjs/common';
import { ApiBearerAuth, ApiCookieAuth, ApiExtension, ApiHeader } from '@nestjs/swagger';
import type { AboveContext, SystemContext, TenantContext } from '@trunkline/kernel';
import type { FastifyRequest } from 'fastify';
import { contextOf } from './principal.ts';
import { reachOf } from './reach.ts';
import type { Reach } from './reach.ts';
import type { LoggedIn } from './principal.ts';
import type { ApiScope } from './scopes.ts';

export type Access =
  | { readonly kind: 'public' }
  | { readonly kind: 'key' }
  | { readonly kind: 'person' }
  | { readonly kind: 'operator' }
  | { readonly kind: 'above'; readonly scope: ApiScope }
  | { readonly kind: 'tenant'; readonly scope: ApiScope };
export const ACCESS = 'trunkline:access';

/** Open to everybody. */
export const Public = () => applyDecorators(SetMetadata(ACCESS, { kind: 'public' } satisfies Access), ApiExtension('x-access', 'public'));

/** Whoever is logged in, for what is theirs alone; no key. */
export const LoggedInOnly = () =>
  applyDecorators(SetMetadata(ACCESS, { kind: 'person' } satisfies Access), ApiCookieAuth(), ApiExtension('x-access', 'person'));

/** Only the operator's own keys and staff. */
export const OperatorOnly = () =>
  applyDecorators(
    SetMetadata(ACCESS, { kind: 'operator' } satisfies Access),
    ApiBearerAuth(),
    ApiCookieAuth(),
    ApiExtension('x-access', 'operator'),
  );

const TENANT_HEADER = {
  name: 'Trunkline-Tenant',
  required: false,
  description: 'The tenant to act as; for operators, for keys and people of a tenant above it, and for people who are members of several',
};

/** A tenant's key or member with the scope, acting as its own tenant or as one below it that the `Trunkline-Tenant` header names; or an operator with the header. */
export const Allow = (scope: ApiScope) =>
  applyDecorators(
    SetMetadata(ACCESS, { kind: 'tenant', scope } satisfies Access),
    ApiBearerAuth(),
    ApiCookieAuth(),
    ApiExtension('x-access', scope),
    ApiHeader(TENANT_HEADER),
  );

/** The operator, for all tenants; or a tenant's key or member with the scope, for those below the tenant it acts as. */
export const AllowAbove = (scope: ApiScope) =>
  applyDecorators(
    SetMetadata(ACCESS, { kind: 'above', scope } satisfies Access),
    ApiBearerAuth(),
    ApiCookieAuth(),
    ApiExtension('x-access', scope),
    ApiExtension('x-from-above', true),
    ApiHeader(TENANT_HEADER),
  );

/** Any key or session: each part of the answer asks for what it needs, see `Reached`. */
export const AnyKey = () =>
  applyDecorators(
    SetMetadata(ACCESS, { kind: 'key' } satisfies Access),
    ApiBearerAuth(),
    ApiCookieAuth(),
    ApiExtension('x-access', 'key'),
    ApiHeader(TENANT_HEADER),
  );

/** The tenant a request acts as. */
export const Tenant = createParamDecorator((_: unknown, host: ExecutionContext): TenantContext => {
  const ctx = contextOf(host.switchToHttp().getRequest<FastifyRequest>());
  if (ctx?.kind !== 'tenant') throw new Error('@Tenant() on a route without @Allow()');
  return ctx;
});

/** The tenants that a request works on from above. */
export const Above = createParamDecorator((_: unknown, host: ExecutionContext): AboveContext => {
  const ctx = contextOf(host.switchToHttp().getRequest<FastifyRequest>());
  if (!ctx || ctx.kind === 'tenant') throw new Error('@Above() on a route without @AllowAbove()');
  return ctx;
});

/** The operator's own context, across tenants. */
export const Operator = createParamDecorator((_: unknown, host: ExecutionContext): SystemContext => {
  const ctx = contextOf(host.switchToHttp().getRequest<FastifyRequest>());
  if (ctx?.kind !== 'system') throw new Error('@Operator() on a route without @OperatorOnly()');
  return ctx;
});

/** The person whose session a request carries. */
export const Person = createParamDecorator((_: unknown, host: ExecutionContext): LoggedIn & { readonly ctx: SystemContext } => {
  const reach = reachOf(host.switchToHttp().getRequest<FastifyRequest>());
  if (!reach) throw new Error('@Person() on a public route');
  return reach.person();
});

/** What the key or session of a request may reach. */
export const Reached = createParamDecorator((_: unknown, host: ExecutionContext): Reach => {
  const reach = reachOf(host.switchToHttp().getRequest<FastifyRequest>());
  if (!reach) throw new Error('@Reached() on a public route');
  return reach;
});
