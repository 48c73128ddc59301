import type { AboveContext, SystemContext, TenantContext } from '@trunkline/kernel';
import type { OperatorPermission } from '../http/permissions.ts';
import type { LoggedIn } from '../http/principal.ts';
import type { Reach } from '../http/reach.ts';
import type { ApiScope } from '../http/scopes.ts';

/** Who may use a field, and as what. `name` is what the route of REST says of itself in `x-access`. */
export type FieldAccess<Ctx> = { readonly name: ApiScope | 'operator' | 'person'; readonly contextOf: (reach: Reach) => Ctx };

/** A tenant's key with the scope, or an operator who names the tenant. */
export const scoped = (scope: ApiScope): FieldAccess<TenantContext> => ({ name: scope, contextOf: (reach) => reach.tenant(scope) });

/** The operator, for all tenants; or a tenant's key with the scope, for those below the tenant it acts as. */
export const above = (scope: ApiScope, permission: OperatorPermission): FieldAccess<AboveContext> => ({
  name: scope,
  contextOf: (reach) => reach.above(scope, permission),
});

/** Only an operator, to look. */
export const operatorReads: FieldAccess<SystemContext> = { name: 'operator', contextOf: (reach) => reach.operator('operator:read') };

/** Only an operator, to change. */
export const operatorOnly: FieldAccess<SystemContext> = { name: 'operator', contextOf: (reach) => reach.operator() };

/** Whoever is logged in, for what is theirs alone. */
export const personOnly: FieldAccess<LoggedIn & { readonly ctx: SystemContext }> = { name: 'person', contextOf: (reach) => reach.person() };

const DEMANDS: Readonly<Record<string, string>> = { operator: 'for operators', person: 'for people who are logged in' };

/** What a field is described with: what it is, and what it takes to be answered. */
export const described = (what: string, { name }: FieldAccess<unknown>): string => `${what}; ${DEMANDS[name] ?? `needs ${name}`}`;
