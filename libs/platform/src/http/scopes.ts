/** What an API key or a person's role may be allowed: a resource and a verb. */
export const SCOPES = [
  'tenant:read',
  'tenants:read', // those below
  'tenants:write',
  'kyc:read',
  'kyc:write',
  'api_keys:read',
  'api_keys:write',
  'trunks:read',
  'trunks:write',
  'numbers:read',
  'numbers:write',
  'porting:read',
  'porting:write',
  'calls:read',
  'calls:write',
  'billing:read',
  'billing:write',
  'webhooks:read',
  'webhooks:write',
  'audit:read',
  'members:read',
  'members:write',
  'sso:read',
  'sso:write',
] as const;
export type ApiScope = (typeof SCOPES)[number];
