export const TENANT_ROLES = ['owner', 'admin', 'noc', 'billing', 'read_only'] as const;
export type TenantRole = (typeof TENANT_ROLES)[number];
export const OPERATOR_ROLES = ['admin', 'support', 'read_only'] as const;
export type OperatorRole = (typeof OPERATOR_ROLES)[number];

const SUPPORTED = ['trunks:write', 'numbers:write', 'porting:write', 'calls:write', 'webhooks:write'];

/** What each role may do: scopes as `resource:verb`, `*` for any of either. A scope that is new is at once the owner's and the administrator's. */
const TENANT_TABLE: Readonly<Record<TenantRole, readonly string[]>> = {
  owner: ['*:*'],
  admin: ['*:*'],
  noc: ['tenant:read', 'trunks:*', 'numbers:*', 'porting:*', 'calls:*', 'webhooks:*', 'members:read', 'audit:read'],
  billing: ['tenant:read', 'trunks:read', 'numbers:read', 'calls:read', 'billing:*', 'members:read'],
  read_only: ['*:read'],
};
const OPERATOR_TABLE: Readonly<Record<OperatorRole, readonly string[]>> = {
  admin: ['*:*'],
  support: ['*:read', 'operator:support', ...SUPPORTED],
  read_only: ['*:read'],
};

const matches = (pattern: string, permission: string): boolean => {
  const [resource, verb] = pattern.split(':');
  const [theResource, theVerb] = permission.split(':');
  return (resource === '*' || resource === theResource) && (verb === '*' || verb === theVerb);
};
const allowedBy = <P extends string>(patterns: readonly string[], of: readonly P[]): P[] =>
  of.filter((permission) => patterns.some((pattern) => matches(pattern, permission)));

/** What a member may do, of all scopes there are. */
export const scopesOfRole = <P extends string>(role: TenantRole, all: readonly P[]): P[] => allowedBy(TENANT_TABLE[role], all);

/** What one of the operator's staff may do, of all permissions and scopes there are. */
export const permissionsOfRole = <P extends string>(role: OperatorRole, all: readonly P[]): P[] => allowedBy(OPERATOR_TABLE[role], all);

/** Who gives a role away. */
export type Grantor = { readonly isOwner: boolean; readonly scopes: readonly string[] };

/** Nobody gives more than they have; owners are made, changed and removed by owners. */
export const mayGrant = (grantor: Grantor, role: TenantRole, all: readonly string[]): boolean =>
  role === 'owner' ? grantor.isOwner : scopesOfRole(role, all).every((scope) => grantor.scopes.includes(scope));
