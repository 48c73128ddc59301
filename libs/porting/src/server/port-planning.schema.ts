import { e164In, text, timestampOut } from '@trunkline/platform';
import { z } from 'zod';
import { PORT_COUNTRIES, PORT_DOCUMENT_KINDS } from '../core/port-requirements.ts';
import { carrierAskOut } from './porting.schema.ts';

const TYPES = ['local', 'national', 'mobile', 'toll_free', 'shared_cost'] as const;
const LIST_MAX_CHARACTERS = 200_000;

const country = z.enum(PORT_COUNTRIES as [string, ...string[]]).meta({ example: 'US' });
const customer = z.enum(['business', 'residential']).default('business');
const flag = (says: string) =>
  z
    .enum(['true', 'false'])
    .default('false')
    .transform((value) => value === 'true')
    .describe(says);
const simple = flag('In the United States: one line without switch features, and no reseller in between');
const type = z.enum(TYPES).default('local').describe('Of the numbers, as the portability check tells it');

export const requirementsQuery = z.strictObject({ country, type, customer, simple });
export const dateQuery = z.strictObject({
  number: e164In().describe('Any of the numbers'),
  country,
  type,
  customer,
  simple,
  lines: z.coerce.number().int().min(1).max(5_000).default(1).describe('How many numbers move together'),
  losing_carrier_id: text(40).optional().describe('Whose days count beside those that all carriers of the country keep'),
  intermodal: flag('A mobile number becomes a fixed one'),
  installation: z.enum(['single_line', 'multi_line', 'ddi', 'complex_ddi']).default('single_line').describe('In Britain'),
  from_range_holder: z
    .enum(['true', 'false'])
    .default('true')
    .transform((value) => value === 'true')
    .describe('In Britain: nobody ported the number before'),
});
export const numberListIn = z
  .strictObject({
    text: z
      .string()
      .min(1)
      .max(LIST_MAX_CHARACTERS)
      .meta({ example: '(212) 555-0123\n+1 212 555 0130 - +1 212 555 0139' })
      .describe('Numbers and ranges of them, one a line or separated by commas, semicolons or tabs'),
    country: country.default('US').describe('Of numbers that are written without one'),
  })
  .meta({ id: 'PortNumberText' });

const fieldOut = z
  .strictObject({
    name: z.string(),
    required: z.boolean(),
    pattern: z.string().describe('A regular expression that the whole value matches'),
    help: z.string(),
    example: z.string(),
  })
  .meta({ id: 'PortField' });
const documentOut = z.strictObject({ kind: z.enum(PORT_DOCUMENT_KINDS), max_age_days: z.int() }).meta({ id: 'PortDocumentRequirement' });
export const requirementsOut = z
  .strictObject({
    object: z.literal('port_requirements'),
    fields: z.array(fieldOut),
    documents: z.array(documentOut),
    carrier_asks: z.array(carrierAskOut).describe('What the carrier asks besides that no field or document here answers'),
  })
  .meta({ id: 'PortRequirements' });

export const dateOut = z
  .strictObject({
    object: z.literal('port_date'),
    date: z.iso.date().describe('A working day where the number lives').meta({ example: '2026-12-08' }),
    at: timestampOut().describe('From when on that day'),
    time_zone: z.string().describe('Of the number'),
    negotiated: z.boolean().describe('Carriers agree on a date of their own, and this one is a guess'),
  })
  .meta({ id: 'PortDate' });

export const orderDateOut = z
  .strictObject({
    object: z.literal('port_order_date'),
    earliest_at: timestampOut()
      .nullable()
      .describe('By the calendar and, where it tells, by the carrier: the later of both; null: the carrier takes none'),
    windows: z
      .array(z.strictObject({ from: timestampOut(), to: timestampOut() }).meta({ id: 'PortWindow' }))
      .describe('When the carrier takes the numbers over; none: it does not say'),
  })
  .meta({ id: 'PortOrderDate' });

const groupOut = z.strictObject({ country: z.string(), type: z.enum(TYPES), numbers: z.array(z.string()) }).meta({ id: 'PortNumberGroup' });
const faultOut = z.strictObject({ line: z.int(), text: z.string(), code: z.string(), detail: z.string() }).meta({ id: 'PortNumberFault' });
export const numberListOut = z
  .strictObject({ object: z.literal('port_number_list'), groups: z.array(groupOut), faults: z.array(faultOut) })
  .meta({ id: 'PortNumberList' });
