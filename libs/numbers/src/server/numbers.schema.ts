import { moneyToWire, toPublicId } from '@trunkline/kernel';
import {
  bulkIn,
  bulkOut,
  country,
  e164In,
  idIn,
  idOut,
  moneyOut,
  ownFilters,
  pageQuery,
  tagsIn,
  text,
  timestampOut,
} from '@trunkline/platform';
import type { AssignedPlan } from '@trunkline/rating/server';
import { provisioningOut, provisioningToWire } from '@trunkline/trunks/server';
import type { Provisioning } from '@trunkline/trunks/server';
import { z } from 'zod';
import { INVENTORY_STATES } from '../core/lifecycle.ts';
import { NUMBER_TYPES } from '../core/number-row.ts';
import { isReleased } from '../core/number.ts';
import type { TenantNumber } from '../core/number.ts';
import type { NumberImport } from './import-numbers.ts';
import type { InventoryRow } from './inventory.sql.ts';

const fields = {
  trunk_id: idIn('trunk').nullable().describe('The trunk that takes its calls; null: they are refused'),
  external_reference: text(120).nullable(),
  tags: tagsIn(),
};
export const numberOrder = z
  .strictObject({
    number: e164In(),
    trunk_id: fields.trunk_id.default(null),
    external_reference: fields.external_reference.default(null),
    tags: fields.tags.default([]),
  })
  .meta({ id: 'NewNumber' });
export const numberChange = z.strictObject(fields).partial().meta({ id: 'NumberChange' });
export const numberOrders = bulkIn(numberOrder).meta({ id: 'NewNumbers' });
export const numberChanges = bulkIn(
  z.strictObject({
    id: idIn('number'),
    ...numberChange.shape,
    revision: z.int().min(1).optional().describe('The revision that the change is meant for'),
  }),
).meta({ id: 'NumberChanges' });
export const numberQuery = z.strictObject({ ...pageQuery, ...ownFilters, trunk_id: idIn('trunk').optional() });

const startsWith = z
  .string()
  .regex(/^\+?[1-9]\d{0,14}$/, 'must be the first digits of an E.164 number, e.g. 1202; a + is written %2B in a URL')
  .transform((t) => (t.startsWith('+') ? t : `+${t}`));
const digits = (max: number) => z.string().regex(new RegExp(`^\\d{1,${max}}$`), `must be 1 to ${max} digits`);
const filters = {
  country: country().optional(),
  area_code: digits(9).optional(),
  starts_with: startsWith.optional(),
  contains: digits(15).optional().describe('Digits anywhere in the number'),
};
export const availableQuery = z.strictObject({ ...pageQuery, ...filters });
export const inventoryQuery = z.strictObject({ ...pageQuery, ...filters, state: z.enum(INVENTORY_STATES).optional() });

export const numberOut = z
  .strictObject({
    id: idOut('number'),
    object: z.literal('number'),
    number: z.string(),
    country: z.string(),
    state: z.enum(['active', 'quarantined']),
    trunk_id: z.string().nullable(),
    external_reference: z.string().nullable(),
    tags: z.array(z.string()),
    released_at: timestampOut().nullable(),
    quarantined_until: timestampOut().nullable().describe('Until then nobody can order it'),
    revision: z.int(),
    provisioning: provisioningOut,
    created_at: timestampOut(),
    updated_at: timestampOut(),
  })
  .meta({ id: 'Number' });

export const numbersOut = bulkOut(numberOut).meta({ id: 'NumberBulk' });

const described = {
  number: z.string(),
  country: z.string(),
  area_code: z.string(),
  locality: z.string().nullable(),
  type: z.enum(NUMBER_TYPES),
};
export const availableOut = z
  .strictObject({ object: z.literal('available_number'), ...described, monthly: moneyOut, setup: moneyOut })
  .meta({ id: 'AvailableNumber' });
export const inventoryOut = z
  .strictObject({
    object: z.literal('inventory_number'),
    ...described,
    carrier_id: z.string().nullable(),
    state: z.enum(INVENTORY_STATES),
    quarantined_until: timestampOut().nullable(),
    created_at: timestampOut(),
  })
  .meta({ id: 'InventoryNumber' });

export const importOut = z
  .strictObject({
    id: idOut('numberImport'),
    object: z.literal('number_import'),
    imported: z.int(),
    unchanged: z.int().describe('Good lines whose number was there already'),
    refused: z.int().describe('Bad lines'),
    errors: z
      .array(z.strictObject({ line: z.int(), column: z.string(), code: z.string(), detail: z.string() }))
      .describe('The first 1,000'),
  })
  .meta({ id: 'NumberImport' });

export const numberToWire = (n: TenantNumber, provisioning: Provisioning | undefined): z.infer<typeof numberOut> => ({
  id: toPublicId('number', n.id),
  object: 'number',
  number: n.e164,
  country: n.country,
  state: isReleased(n) ? 'quarantined' : 'active',
  trunk_id: n.trunkId && toPublicId('trunk', n.trunkId),
  external_reference: n.externalReference,
  tags: [...n.tags],
  released_at: n.releasedAt?.toISOString() ?? null,
  quarantined_until: n.quarantinedUntil?.toISOString() ?? null,
  revision: n.revision,
  provisioning: provisioningToWire(n.revision, provisioning),
  created_at: n.createdAt.toISOString(),
  updated_at: n.updatedAt.toISOString(),
});

const describe = (n: InventoryRow) => ({ number: n.e164, country: n.country, area_code: n.areaCode, locality: n.locality, type: n.type });

export const availableToWire = (n: InventoryRow, plan: AssignedPlan): z.infer<typeof availableOut> => ({
  object: 'available_number',
  ...describe(n),
  monthly: moneyToWire(plan.numberMonthlyNanos, plan.currency),
  setup: moneyToWire(plan.numberSetupNanos, plan.currency),
});

export const inventoryToWire = (n: InventoryRow): z.infer<typeof inventoryOut> => ({
  object: 'inventory_number',
  ...describe(n),
  carrier_id: n.carrierId && toPublicId('carrier', n.carrierId),
  state: n.state,
  quarantined_until: n.quarantinedUntil?.toISOString() ?? null,
  created_at: n.createdAt.toISOString(),
});

export const importToWire = (i: NumberImport): z.infer<typeof importOut> => ({
  id: toPublicId('numberImport', i.id),
  object: 'number_import',
  imported: i.imported,
  unchanged: i.unchanged,
  refused: i.refused,
  errors: [...i.errors],
});
