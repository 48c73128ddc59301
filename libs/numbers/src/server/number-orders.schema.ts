import { SUPPLIED_TYPES } from '@trunkline/carriers/server';
import { camelKeys, moneyToWire, toPublicId } from '@trunkline/kernel';
import { BULK_ITEMS_MAX, country, e164In, idIn, idOut, moneyOut, pageQuery, tagsIn, text, timestampOut } from '@trunkline/platform';
import type { AssignedPlan } from '@trunkline/rating/server';
import { z } from 'zod';
import { ITEM_STATES, ORDER_STATES, orderStateOf } from '../core/number-order.ts';
import type { FoundNumber, OrderItem } from '../core/number-order.ts';
import { NUMBER_TYPES } from '../core/number-row.ts';
import type { NewNumberOrder, PlacedOrder } from './place-number-order.ts';

const startsWith = z
  .string()
  .regex(/^\+?[1-9]\d{0,14}$/, 'must be the first digits of an E.164 number, e.g. 1202; a + is written %2B in a URL')
  .meta({ example: '1202' })
  .transform((t) => (t.startsWith('+') ? t : `+${t}`));
const digits = (max: number, example: string) =>
  z
    .string()
    .regex(new RegExp(`^\\d{1,${max}}$`), `must be 1 to ${max} digits`)
    .meta({ example });
const filters = {
  country: country(),
  type: z.enum(SUPPLIED_TYPES).optional(),
  area_code: digits(9, '202').optional(),
  starts_with: startsWith.optional(),
  contains: digits(15, '555').optional().describe('Digits anywhere in the number'),
  rate_center: text(120).optional().describe('Where North America rates its calls, without regard to case').meta({ example: 'WSHNGTNZN1' }),
  lata: z
    .string()
    .regex(/^\d{3}$/, 'must be 3 digits')
    .optional()
    .describe('Transport area of the rate center; few carriers tell it')
    .meta({ example: '236' }),
};

const search = z
  .strictObject({ ...filters, quantity: z.int().min(1).max(BULK_ITEMS_MAX) })
  .meta({ id: 'WantedNumbers' })
  .describe('What the numbers are to be like, and how many: the inventory’s first, then the carriers’');
export const newNumberOrder = z
  .strictObject({
    numbers: z
      .array(e164In())
      .min(1)
      .max(BULK_ITEMS_MAX)
      .refine((numbers) => new Set(numbers).size === numbers.length, 'must not name a number twice')
      .optional()
      .describe('The numbers themselves'),
    search: search.optional(),
    trunk_id: idIn('trunk').nullable().default(null).describe('The trunk that takes their calls; null: they are refused'),
    regulatory_bundle_id: idIn('regulatoryBundle')
      .nullable()
      .default(null)
      .describe('The papers that they are ordered with, where the operator asks for some'),
    external_reference: text(120).nullable().default(null),
    tags: tagsIn().default([]),
  })
  .refine(({ numbers, search: wanted }) => (numbers === undefined) !== (wanted === undefined), {
    path: ['numbers'],
    message: 'either numbers or search must be there, and not both',
  })
  .meta({ id: 'NewNumberOrder' });
export const numberOrderChange = z.strictObject({ regulatory_bundle_id: idIn('regulatoryBundle') }).meta({ id: 'NumberOrderChange' });
export const numberOrderQuery = z.strictObject({
  ...pageQuery,
  limit: z.coerce.number().int().min(1).max(50).default(20),
  external_reference: text(120).optional(),
});
export const numberOfferQuery = z.strictObject({
  ...filters,
  country: country().optional().describe('By default the tenant’s own'),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});

const itemOut = z
  .strictObject({
    number: z.string().nullable().describe('Null while none is found'),
    state: z.enum(ITEM_STATES),
    number_id: z.string().nullable().describe('Of the number that it became'),
    code: z.string().nullable().describe('Why it failed or waits, as an error code'),
    detail: z.string().nullable(),
  })
  .meta({ id: 'NumberOrderItem' });
export const numberOrderOut = z
  .strictObject({
    id: idOut('numberOrder'),
    object: z.literal('number_order'),
    state: z.enum(ORDER_STATES),
    search: z
      .strictObject({
        country: z.string(),
        type: z.string().nullable(),
        area_code: z.string().nullable(),
        starts_with: z.string().nullable(),
        contains: z.string().nullable(),
        rate_center: z.string().nullable(),
        lata: z.string().nullable(),
        quantity: z.int(),
      })
      .nullable(),
    items: z.array(itemOut),
    trunk_id: z.string().nullable(),
    regulatory_bundle_id: z.string().nullable(),
    external_reference: z.string().nullable(),
    tags: z.array(z.string()),
    created_at: timestampOut(),
    updated_at: timestampOut(),
    completed_at: timestampOut().nullable().describe('When the last item had ended'),
  })
  .meta({ id: 'NumberOrder' });

export const numberOffersOut = z
  .strictObject({
    object: z.literal('number_offers'),
    offers: z.array(
      z
        .strictObject({
          object: z.literal('number_offer'),
          number: z.string(),
          country: z.string(),
          area_code: z.string(),
          locality: z.string().nullable(),
          rate_center: z.string().nullable(),
          lata: z.string().nullable(),
          type: z.enum(NUMBER_TYPES),
          from: z.enum(['inventory', 'carrier']).describe('Of the inventory it is ordered at once; a carrier has to be asked'),
          monthly: moneyOut,
          setup: moneyOut,
        })
        .meta({ id: 'NumberOffer' }),
    ),
    complete: z.boolean().describe('False when a carrier gave no answer in time: there may be more'),
  })
  .meta({ id: 'NumberOffers' });

export const numberOrderToWire = (o: PlacedOrder): z.infer<typeof numberOrderOut> => ({
  id: toPublicId('numberOrder', o.id),
  object: 'number_order',
  state: orderStateOf(o.items.map(({ state }) => state)),
  search: o.search && {
    country: o.search.country,
    type: o.search.type ?? null,
    area_code: o.search.areaCode ?? null,
    starts_with: o.search.startsWith ?? null,
    contains: o.search.contains ?? null,
    rate_center: o.search.rateCenter ?? null,
    lata: o.search.lata ?? null,
    quantity: o.search.quantity,
  },
  items: o.items.map(itemToWire),
  trunk_id: o.trunkId && toPublicId('trunk', o.trunkId),
  regulatory_bundle_id: o.bundleId && toPublicId('regulatoryBundle', o.bundleId),
  external_reference: o.externalReference,
  tags: [...o.tags],
  created_at: o.createdAt.toISOString(),
  updated_at: o.updatedAt.toISOString(),
  completed_at: o.completedAt?.toISOString() ?? null,
});

const itemToWire = ({ e164, state, numberId, reason }: OrderItem): z.infer<typeof itemOut> => ({
  number: e164,
  state,
  number_id: numberId && toPublicId('number', numberId),
  code: reason?.code ?? null,
  detail: reason?.detail ?? null,
});

export const offersToWire = (found: readonly FoundNumber[], complete: boolean, plan: AssignedPlan): z.infer<typeof numberOffersOut> => ({
  object: 'number_offers',
  offers: found.map(({ e164, areaCode, locality, rateCenter, lata, supplier, country: of, type }) => ({
    object: 'number_offer',
    number: e164,
    country: of,
    area_code: areaCode,
    locality,
    rate_center: rateCenter,
    lata,
    type: NUMBER_TYPES.find((t) => t === type) ?? 'local',
    from: supplier === 'inventory' ? 'inventory' : 'carrier',
    monthly: moneyToWire(plan.numberMonthlyNanos, plan.currency),
    setup: moneyToWire(plan.numberSetupNanos, plan.currency),
  })),
  complete,
});

export const orderOf = ({
  numbers,
  search: wanted,
  regulatory_bundle_id: bundleId,
  ...settings
}: z.infer<typeof newNumberOrder>): NewNumberOrder => ({
  bundleId,
  numbers: numbers ?? null,
  search: wanted ? camelKeys(wanted) : null,
  ...camelKeys(settings),
});
