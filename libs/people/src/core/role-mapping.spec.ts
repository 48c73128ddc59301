import { mappedRole } from './role-mapping.ts';

const mapping = { admins: 'admin', telephony: 'noc', accounts: 'billing' } as const;

it.each([
  ['telephony', 'noc'],
  [['accounts', 'admins'], 'admin'],
  [['others', 'accounts'], 'billing'],
  [['others'], null],
  [undefined, null],
  [[{ admins: true }, 7], null],
  ['__proto__', null],
  ['constructor', null],
])('gives %j the role %j', (claim, role) => expect(mappedRole(mapping, null, claim)).toBe(role));
it('falls back to the default', () => expect(mappedRole(mapping, 'read_only', ['others'])).toBe('read_only'));
