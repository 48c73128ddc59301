import { toPublicId } from '@trunkline/kernel';
import { bulkIn, bulkOut, country, currency, idIn, idOut, tagsIn, text, timestampOut } from '@trunkline/platform';
import { z } from 'zod';
import { HOLD_KINDS, HOLD_STOPS, PLACED_HOLD_KINDS, TENANT_STATES, effectiveState } from '../core/hold.ts';
import type { Tenant } from './tenant-queries.ts';

const channelsMax = z.int().min(1).max(100_000).nullable().describe('Calls at one time over all trunks; null for no cap');
const requestsPerSecMax = z
  .int()
  .min(1)
  .max(100_000)
  .nullable()
  .describe(
    'Requests a second of all its API keys together, of which one key may make half; null: what the platform allows everybody. The operator sets it',
  );
const holdKind = z.enum(HOLD_KINDS);
const placedHoldKind = z.enum(PLACED_HOLD_KINDS).describe('A reseller places and lifts `reseller`');

const allotted = z.int().min(0).max(1_000_000).nullable();
const allotmentFields = {
  channels: allotted.describe('Channels of all trunks; null: no limit of its own'),
  numbers: allotted.describe('Numbers; null: no limit of its own'),
  tenants: allotted.describe('Tenants below it; 0: it is no reseller'),
};
const newAllotment = z
  .strictObject({
    channels: allotmentFields.channels.default(null),
    numbers: allotmentFields.numbers.default(null),
    tenants: allotmentFields.tenants.default(0),
  })
  .meta({ id: 'NewAllotment' });
const allotmentChange = z.strictObject(allotmentFields).partial().meta({ id: 'AllotmentChange' });
export const allotmentOut = z.strictObject(allotmentFields).meta({ id: 'Allotment' });
export const usageOut = z.strictObject({ channels: z.int(), numbers: z.int(), tenants: z.int() }).meta({ id: 'AllotmentUsage' });

export const newTenant = z
  .strictObject({
    name: text(120).meta({ example: 'Example GmbH' }),
    country: country(),
    currency: currency(),
    channels_max: channelsMax.default(null),
    parent_id: idIn('tenant').nullable().default(null).describe('The reseller above it; null: the tenant that asks, none for the operator'),
    external_reference: text(120).nullable().default(null),
    tags: tagsIn().default([]),
    allotment: newAllotment.optional().describe('What it may hold together with all below it'),
  })
  .meta({ id: 'NewTenant' });
export const tenantChange = z
  .strictObject({
    name: text(120).optional(),
    channels_max: channelsMax.optional(),
    requests_per_sec_max: requestsPerSecMax.optional(),
    external_reference: text(120).nullable().optional(),
    tags: tagsIn().optional(),
    allotment: allotmentChange.optional(),
  })
  .meta({ id: 'TenantChange' });
const holdStops = z
  .enum(HOLD_STOPS)
  .default('all')
  .describe(
    'All calls, or only those that the tenant places; emergency calls pass either. Placing the hold again with the other one changes it',
  );
export const newHold = z.strictObject({ kind: placedHoldKind, reason: text(500), stops: holdStops }).meta({ id: 'NewHold' });
export const liftHold = z.strictObject({ kind: placedHoldKind }).meta({ id: 'LiftHold' });

export const tenantOut = z
  .strictObject({
    id: idOut('tenant'),
    object: z.literal('tenant'),
    name: z.string(),
    country: z.string(),
    currency: z.string(),
    channels_max: z.int().nullable(),
    requests_per_sec_max: z.int().nullable(),
    parent_id: z.string().nullable(),
    external_reference: z.string().nullable(),
    tags: z.array(z.string()),
    state: z.enum(TENANT_STATES).describe('`restricted`: it takes calls and places none; `suspended`: neither. Emergency calls pass'),
    holds: z.array(holdKind),
    allotment: allotmentOut,
    usage: usageOut.describe('What it and all below it hold'),
    revision: z.int(),
    created_at: timestampOut(),
    updated_at: timestampOut(),
  })
  .meta({ id: 'Tenant' });

export const newTenants = bulkIn(newTenant).meta({ id: 'NewTenants' });
export const tenantsOut = bulkOut(tenantOut).meta({ id: 'TenantBulk' });

export const tenantToWire = (t: Tenant): z.infer<typeof tenantOut> => ({
  id: toPublicId('tenant', t.id),
  object: 'tenant',
  name: t.name,
  country: t.country,
  currency: t.currency,
  channels_max: t.channelsMax,
  requests_per_sec_max: t.requestsPerSecMax,
  parent_id: t.parentId && toPublicId('tenant', t.parentId),
  external_reference: t.externalReference,
  tags: [...t.tags],
  state: effectiveState(t.holds),
  holds: t.holds.map(({ kind }) => kind),
  allotment: { ...t.allotment },
  usage: { ...t.usage },
  revision: t.revision,
  created_at: t.createdAt.toISOString(),
  updated_at: t.updatedAt.toISOString(),
});
