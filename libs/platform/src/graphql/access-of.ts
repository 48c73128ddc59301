import type { SystemContext, TenantContext } from '@trunkline/kernel';
import type { Reach } from '../http/reach.ts';
import type { ApiScope } from '../http/scopes.ts';

/** Who may use a field, and as what. `name` is what the route of REST says of itself in `x-access`. */
export type FieldAccess<Ctx> = { readonly name: ApiScope | 'operator'; readonly contextOf: (reach: Reach) => Ctx };

/** A tenant's key with the scope, or an operator who names the tenant. */
export const scoped = (scope: ApiScope): FieldAccess<TenantContext> => ({ name: scope, contextOf: (reach) => reach.tenant(scope) });

/** Only an operator. */
export const operatorOnly: FieldAccess<SystemContext> = { name: 'operator', contextOf: (reach) => reach.operator() };

/** What a field is described with: what it is, and what it takes to be answered. */
export const described = (what: string, { name }: FieldAccess<unknown>): string =>
  `${what}; ${name === 'operator' ? 'for operators' : `needs ${name}`}`;
