import type { TenantRole } from './roles.ts';

/** The roles that an identity provider may give: owners log in with a password of their own, so that a provider that fails locks nobody out. */
export const SSO_ROLES = ['admin', 'noc', 'billing', 'read_only'] as const satisfies readonly TenantRole[];
export type SsoRole = (typeof SSO_ROLES)[number];
export type RoleMapping = Readonly<Record<string, SsoRole>>;

/** The values of a claim: a text, or a list of them; anything else says nothing. */
const valuesOf = (claim: unknown): readonly string[] =>
  (Array.isArray(claim) ? claim : [claim]).filter((value) => typeof value === 'string');

/** The role of somebody with such a claim: the one that may do most of those that their values give, else the default. */
export const mappedRole = (mapping: RoleMapping, defaultRole: SsoRole | null, claim: unknown): SsoRole | null => {
  const given = valuesOf(claim).flatMap((value) => (Object.hasOwn(mapping, value) ? [mapping[value]] : []));
  return SSO_ROLES.find((role) => given.includes(role)) ?? defaultRole;
};
