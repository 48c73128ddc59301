import { SCOPES } from '@trunkline/platform';
import { OPERATOR_ROLES, TENANT_ROLES, mayGrant, permissionsOfRole, scopesOfRole } from './roles.ts';

const staff = ['operator:read', 'operator:support', 'operator:write', ...SCOPES];

it('gives every role what its name says, and no more', () => {
  expect(scopesOfRole('owner', SCOPES)).toEqual(SCOPES);
  expect(scopesOfRole('noc', SCOPES)).not.toContain('billing:read');
  expect(scopesOfRole('billing', SCOPES).filter((s) => s.endsWith(':write'))).toEqual(['billing:write']);
  expect(scopesOfRole('read_only', SCOPES)).toEqual(SCOPES.filter((s) => s.endsWith(':read')));
  expect(permissionsOfRole('admin', staff)).toEqual(staff);
  expect(permissionsOfRole('support', staff)).not.toContain('operator:write');
  expect(permissionsOfRole('read_only', staff).every((p) => p.endsWith(':read'))).toBe(true);
});

it('lets nobody but those who may do everything make keys, which may do anything', () => {
  for (const role of TENANT_ROLES)
    expect(scopesOfRole(role, SCOPES).includes('api_keys:write')).toBe(scopesOfRole(role, SCOPES).length === SCOPES.length);
  for (const role of OPERATOR_ROLES)
    expect(permissionsOfRole(role, staff).includes('api_keys:write')).toBe(permissionsOfRole(role, staff).length === staff.length);
});

it('lets nobody give away more than they have', () => {
  const admin = { isOwner: false, scopes: scopesOfRole('admin', SCOPES) };
  expect(TENANT_ROLES.filter((role) => mayGrant(admin, role, SCOPES))).toEqual(['admin', 'noc', 'billing', 'read_only']);
  const key = { isOwner: false, scopes: ['members:write', ...scopesOfRole('billing', SCOPES)] };
  expect(TENANT_ROLES.filter((role) => mayGrant(key, role, SCOPES))).toEqual(['billing']);
  expect(mayGrant({ isOwner: true, scopes: SCOPES }, 'owner', SCOPES)).toBe(true);
});
