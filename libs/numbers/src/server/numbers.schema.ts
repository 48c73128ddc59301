import { camelKeys, invalidField, moneyToWire, toPublicId } from '@trunkline/kernel';
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
import { NUMBER_FEATURES, NUMBER_TYPES } from '../core/number-row.ts';
import { exchangePrefix, vanityDigits } from '../core/number-search.ts';
import { isReleased, restorableUntil } from '../core/number.ts';
import type { TenantNumber } from '../core/number.ts';
import type { InventoryRow } from './inventory.sql.ts';

const fields = {
  trunk_id: idIn('trunk').nullable().describe('The trunk that takes its calls; null: they are refused'),
  external_reference: text(120).nullable(),
  tags: tagsIn(),
};
const deletionLock = z.boolean().describe('It cannot be released or moved to another tenant');
export const numberOrder = z
  .strictObject({
    number: e164In(),
    trunk_id: fields.trunk_id.default(null),
    external_reference: fields.external_reference.default(null),
    tags: fields.tags.default([]),
  })
  .meta({ id: 'NewNumber' });
export const numberChange = z
  .strictObject({ ...fields, deletion_lock: deletionLock })
  .partial()
  .meta({ id: 'NumberChange' });
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
const features = z
  .string()
  .regex(/^[a-z_]+(,[a-z_]+){0,7}$/, `must be some of ${NUMBER_FEATURES.join(', ')}, with commas between them`)
  .transform((list) => list.split(','))
  .refine((list) => list.every((f) => NUMBER_FEATURES.some((known) => known === f)), `must be some of ${NUMBER_FEATURES.join(', ')}`)
  .meta({ example: 'voice,sms' });
const filters = {
  country: country().optional(),
  type: z.enum(NUMBER_TYPES).optional(),
  features: features.optional().describe('What it must be able to do, with commas in between'),
  area_code: digits(9).optional(),
  npa_nxx: z
    .string()
    .regex(/^[2-9]\d{2}[2-9]\d{2}$/, 'must be an area code and an exchange of North America, e.g. 202555')
    .meta({ example: '202555' })
    .optional(),
  region: text(120).optional().describe('A state, province or county; capitals do not matter'),
  locality: text(120).optional().describe('A city; capitals do not matter'),
  rate_center: text(120)
    .optional()
    .describe('Where North America rates its calls, with the region, since names are given twice; capitals do not matter'),
  lata: z
    .string()
    .regex(/^\d{3}$/, 'must be the 3 digits of a LATA')
    .meta({ example: '236' })
    .optional()
    .describe('The local access and transport area, in the United States'),
  starts_with: startsWith.optional(),
  ends_with: digits(15).optional(),
  contains: digits(15).optional().describe('Digits anywhere in the number; by three and more it is found fast'),
  vanity: z
    .string()
    .regex(/^[A-Za-z0-9*]{3,15}$/, 'must be 3 to 15 letters, digits or *')
    .meta({ example: 'FLOWERS' })
    .optional()
    .describe('Letters anywhere in the number, as the keys of a telephone have them; * is any digit'),
};
export const availableQuery = z.strictObject({
  ...pageQuery,
  ...filters,
  consecutive: z.coerce
    .number()
    .int()
    .min(2)
    .max(100)
    .optional()
    .describe('So many in a row, within a block of a thousand; whole rows are told'),
  best_effort: z
    .stringbool({ truthy: ['true'], falsy: ['false'] })
    .optional()
    .describe('true: when there is nothing, what is near to it; one page'),
});
export const inventoryQuery = z.strictObject({ ...pageQuery, ...filters, state: z.enum(INVENTORY_STATES).optional() });

type Asked = Pick<z.infer<typeof inventoryQuery>, keyof typeof filters>;
/** The filters as the search takes them. @throws AppError request.invalid when two of them say the same */
export const searchOf = <Q extends Asked>({ npa_nxx, vanity, ...query }: Q) => {
  if (vanity !== undefined && query.contains !== undefined) throw invalidField('/query/vanity', 'conflict', 'Either vanity or contains');
  if (npa_nxx !== undefined && query.starts_with !== undefined)
    throw invalidField('/query/npa_nxx', 'conflict', 'Either npa_nxx or starts_with');
  return camelKeys({
    ...query,
    starts_with: npa_nxx === undefined ? query.starts_with : exchangePrefix(npa_nxx),
    contains: vanity === undefined ? query.contains : vanityDigits(vanity),
  });
};

/** What a number is to its tenant. */
export const NUMBER_STATES = ['active', 'suspended', 'porting_out', 'ported_out', 'quarantined'] as const;

export const numberOut = z
  .strictObject({
    id: idOut('number'),
    object: z.literal('number'),
    number: z.string(),
    country: z.string(),
    type: z.enum(NUMBER_TYPES),
    state: z.enum(NUMBER_STATES),
    trunk_id: z.string().nullable(),
    external_reference: z.string().nullable(),
    tags: z.array(z.string()),
    deletion_lock: z.boolean(),
    suspended_at: timestampOut().nullable(),
    released_at: timestampOut().nullable(),
    restorable_until: timestampOut().nullable().describe('Until then it can be restored'),
    quarantined_until: timestampOut().nullable().describe('Until then nobody else can order it'),
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
  region: z.string().nullable(),
  locality: z.string().nullable(),
  rate_center: z.string().nullable(),
  lata: z.string().nullable(),
  type: z.enum(NUMBER_TYPES),
  features: z.array(z.enum(NUMBER_FEATURES)),
};
export const availableOut = z
  .strictObject({
    object: z.literal('available_number'),
    ...described,
    match: z.enum(['exact', 'near']).describe('near: not what was asked for, but the best there is'),
    monthly: moneyOut,
    setup: moneyOut,
  })
  .meta({ id: 'AvailableNumber' });
export const inventoryOut = z
  .strictObject({
    object: z.literal('inventory_number'),
    ...described,
    carrier_id: z.string().nullable(),
    state: z.enum(INVENTORY_STATES),
    quarantined_until: timestampOut().nullable(),
    reserved_until: timestampOut().nullable(),
    created_at: timestampOut(),
  })
  .meta({ id: 'InventoryNumber' });

/** The state as its tenant knows it. */
export const stateOf = (n: TenantNumber): (typeof NUMBER_STATES)[number] =>
  isReleased(n) ? 'quarantined' : (NUMBER_STATES.find((state) => state === n.state) ?? 'active');

export const numberToWire = (n: TenantNumber, provisioning: Provisioning | undefined): z.infer<typeof numberOut> => ({
  id: toPublicId('number', n.id),
  object: 'number',
  number: n.e164,
  country: n.country,
  type: n.type as (typeof NUMBER_TYPES)[number],
  state: stateOf(n),
  trunk_id: n.trunkId && toPublicId('trunk', n.trunkId),
  external_reference: n.externalReference,
  tags: [...n.tags],
  deletion_lock: n.deletionLock,
  suspended_at: n.suspendedAt?.toISOString() ?? null,
  released_at: n.releasedAt?.toISOString() ?? null,
  restorable_until: restorableUntil(n)?.toISOString() ?? null,
  quarantined_until: n.quarantinedUntil?.toISOString() ?? null,
  revision: n.revision,
  provisioning: provisioningToWire(n.revision, provisioning),
  created_at: n.createdAt.toISOString(),
  updated_at: n.updatedAt.toISOString(),
});

const describe = (n: InventoryRow) => ({
  number: n.e164,
  country: n.country,
  area_code: n.areaCode,
  region: n.region,
  locality: n.locality,
  rate_center: n.rateCenter,
  lata: n.lata,
  type: n.type,
  features: [...n.features],
});

export const availableToWire = (
  n: InventoryRow,
  { plan, exact }: { readonly plan: AssignedPlan; readonly exact: boolean },
): z.infer<typeof availableOut> => ({
  object: 'available_number',
  ...describe(n),
  match: exact ? 'exact' : 'near',
  monthly: moneyToWire(plan.numberMonthlyNanos, plan.currency),
  setup: moneyToWire(plan.numberSetupNanos, plan.currency),
});

export const inventoryToWire = (n: InventoryRow): z.infer<typeof inventoryOut> => ({
  object: 'inventory_number',
  ...describe(n),
  carrier_id: n.carrierId && toPublicId('carrier', n.carrierId),
  state: n.state,
  quarantined_until: n.quarantinedUntil?.toISOString() ?? null,
  reserved_until: n.reservedUntil?.toISOString() ?? null,
  created_at: n.createdAt.toISOString(),
});
