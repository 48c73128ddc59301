import { toPublicId } from '@trunkline/kernel';
import { SCOPES, idOut, ipNetworkIn, text, timestampOut } from '@trunkline/platform';
import { z } from 'zod';
import type { ApiKey } from './api-key-queries.ts';
import type { OperatorKey } from './operator-key-queries.ts';

const expiresAt = z.iso
  .datetime()
  .transform((t) => new Date(t))
  .nullable()
  .describe('From then on it is refused; null: never');
const allowedNetworks = z
  .array(ipNetworkIn())
  .max(50)
  .describe('Addresses and networks, IPv4 and IPv6, it may be used from; empty: anywhere');
const scopes = z.array(z.enum(SCOPES)).min(1).max(SCOPES.length);
const name = text(80).meta({ example: 'billing export' });

export const newOperatorKey = z
  .strictObject({ name, expires_at: expiresAt.default(null), allowed_networks: allowedNetworks.default([]) })
  .meta({ id: 'NewOperatorKey' });
export const newApiKey = newOperatorKey.extend({ scopes }).meta({ id: 'NewApiKey' });
export const apiKeyChange = z
  .strictObject({ name, scopes, expires_at: expiresAt, allowed_networks: allowedNetworks })
  .partial()
  .meta({ id: 'ApiKeyChange' });
export const keyRotation = z
  .strictObject({
    overlap_secs: z.int().min(0).max(2_592_000).default(86_400).describe('How long the old secret stays valid; 0: not at all'),
  })
  .default({ overlap_secs: 86_400 })
  .meta({ id: 'KeyRotation' });

const shown = {
  name: z.string(),
  hint: z.string().describe('What may be shown of the secret'),
  allowed_networks: z.array(z.string()),
  expires_at: timestampOut().nullable(),
  revoked_at: timestampOut().nullable(),
  last_used_at: timestampOut().nullable().describe('Within a minute'),
  old_valid_until: timestampOut().nullable().describe('Until when the secret before the present one is valid, too'),
  created_at: timestampOut(),
};
const secret = z.string().describe('The bearer key. Shown this once');

export const apiKeyOut = z
  .strictObject({
    id: idOut('apiKey'),
    object: z.literal('api_key'),
    ...shown,
    scopes: z.array(z.string()),
    revision: z.int(),
    updated_at: timestampOut(),
  })
  .meta({ id: 'ApiKey' });
export const createdApiKeyOut = apiKeyOut.extend({ secret }).meta({ id: 'CreatedApiKey' });
export const operatorKeyOut = z
  .strictObject({ id: idOut('operatorKey'), object: z.literal('operator_key'), ...shown })
  .meta({ id: 'OperatorKey' });
export const createdOperatorKeyOut = operatorKeyOut.extend({ secret }).meta({ id: 'CreatedOperatorKey' });

const shownToWire = (k: ApiKey | OperatorKey) => ({
  name: k.name,
  hint: k.hint,
  allowed_networks: [...k.allowedNetworks],
  expires_at: k.expiresAt?.toISOString() ?? null,
  revoked_at: k.revokedAt?.toISOString() ?? null,
  last_used_at: k.lastUsedAt?.toISOString() ?? null,
  old_valid_until: k.oldValidUntil?.toISOString() ?? null,
  created_at: k.createdAt.toISOString(),
});

export const apiKeyToWire = (k: ApiKey): z.infer<typeof apiKeyOut> => ({
  id: toPublicId('apiKey', k.id),
  object: 'api_key',
  ...shownToWire(k),
  scopes: [...k.scopes],
  revision: k.revision,
  updated_at: k.updatedAt.toISOString(),
});

export const operatorKeyToWire = (k: OperatorKey): z.infer<typeof operatorKeyOut> => ({
  id: toPublicId('operatorKey', k.id),
  object: 'operator_key',
  ...shownToWire(k),
});
