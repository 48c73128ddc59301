import type { CarrierRequirement } from '@trunkline/carriers';
import { toPublicId } from '@trunkline/kernel';
import { e164In, idIn, idOut, pageQuery, text, timestampOut } from '@trunkline/platform';
import { z } from 'zod';
import { otherAsks } from '../core/carrier-asks.ts';
import { PORT_FIELDS } from '../core/port-fields.ts';
import type { PortFieldName } from '../core/port-fields.ts';
import { PORT_IN_STATES } from '../core/port-in-machine.ts';
import { PORT_NUMBER_STATES } from '../core/port-history.ts';
import { PORT_CUSTOMERS } from '../core/port-requirements.ts';
import { explained } from '../core/reject-reasons.ts';
import { TENANT_COMMANDS, allowedCommands } from '../core/step-port-in.ts';
import type { PortProjectWebhook } from './create-port-project.ts';
import type { PortOrderView, PortProjectView, RejectionCount } from './port-queries.ts';
import { documentOut, portDocumentToWire } from './port-documents.schema.ts';
import type { PortEventRow, PortOrderRow } from './ports.sql.ts';

const NUMBERS_MAX = 5_000;
const numbers = z.array(e164In()).min(1).max(NUMBERS_MAX);
/** The PIN is no field among others: it is kept sealed. */
const FIELD_NAMES = (Object.keys(PORT_FIELDS) as PortFieldName[]).filter((name) => name !== 'pin');
const fields = z
  .partialRecord(z.enum(FIELD_NAMES), text(200))
  .meta({ example: { account_number: 'A-1001' }, description: 'The account at the losing carrier: see GET /v1/port-requirements' });
const pin = z
  .string()
  .regex(/^[0-9A-Za-z+ ]{4,18}$/, 'must be 4 to 18 digits or letters')
  .meta({ example: '4711' });

export const newPortProject = z
  .strictObject({
    numbers,
    trunk_id: idIn('trunk').nullable().default(null).describe('The trunk that will take their calls'),
    emergency_address_id: idIn('emergencyAddress').nullable().default(null).describe('Where they call for help from, once they are here'),
    caller_name: text(15)
      .nullable()
      .default(null)
      .describe('What networks show beside them, once they are here; US and CA')
      .meta({ example: 'ACME INC' }),
    fields: fields.default({}),
    pin: pin.nullable().default(null).describe('Of the account at the losing carrier; never shown again'),
    customer: z.enum(PORT_CUSTOMERS).default('business').describe('Whose account it is at the losing carrier'),
    external_reference: text(120).nullable().default(null),
    webhook_url: z
      .string()
      .max(2_000)
      .nullable()
      .default(null)
      .describe('What happens to this project and its orders is told there: by a webhook endpoint of its own, only about it')
      .meta({ example: 'https://example.com/ports' }),
  })
  .meta({ id: 'NewPortProject' });
const instant = () =>
  z.iso
    .datetime({ offset: true })
    .transform((t) => new Date(t))
    .meta({ format: 'date-time', example: '2026-12-08T15:00:00Z' });
export const portSubmission = z
  .strictObject({ requested_foc_at: instant().nullable().default(null).describe('For all its orders; null: as early as the carrier can') })
  .meta({ id: 'PortSubmission' });
export const portOrderChange = z
  .strictObject({
    numbers: numbers.optional().describe('Of a draft'),
    fields: fields.optional(),
    pin: pin.nullable().optional(),
    customer: z.enum(PORT_CUSTOMERS).optional(),
  })
  .meta({ id: 'PortOrderChange' });
export const portSchedule = z.strictObject({ requested_foc_at: instant() }).meta({ id: 'PortSchedule' });
export const portReason = z.strictObject({ reason: text(500) }).meta({ id: 'PortReason' });
export const portOrderQuery = z.strictObject({
  ...pageQuery,
  state: z.enum(PORT_IN_STATES).optional(),
  project_id: idIn('portProject').optional(),
});

const state = z.enum(PORT_IN_STATES).meta({ id: 'PortOrderState' });
const rejectionOut = z
  .strictObject({
    code: z.string().describe('Ours, the same for all carriers'),
    says: z.string(),
    fixable_by: z.string().describe('tenant, operator, carrier, system or nobody'),
    resubmit: z.string().describe('supplement, new_order, drop_number or retry'),
    fields: z.array(z.string()).describe('One of these has to change'),
    carrier_code: z.string(),
    carrier_text: z.string(),
    numbers: z.array(z.string()).describe('Empty: all'),
  })
  .meta({ id: 'PortRejection' });
const numberOut = z
  .strictObject({ number: z.string(), state: z.enum(PORT_NUMBER_STATES), reason: z.string().nullable() })
  .meta({ id: 'PortNumber' });
const faultOut = z
  .strictObject({ pointer: z.string().meta({ example: '/fields/postal_code' }), code: z.string(), detail: z.string() })
  .meta({ id: 'PortOrderFault' });
const comparisonOut = z
  .strictObject({
    lines: z.array(
      z
        .strictObject({ field: z.string(), ours: z.string().nullable(), theirs: z.string(), same: z.boolean() })
        .meta({ id: 'PortRecordLine' }),
    ),
    not_on_account: z.array(z.string()).describe('Numbers of the order that the account has not'),
    staying: z.array(z.string()).describe('Numbers of the account that the order has not'),
  })
  .meta({ id: 'PortRecordComparison' });
export const carrierAskOut = z
  .strictObject({ kind: z.enum(['field', 'document']), label: z.string(), help: z.string() })
  .meta({ id: 'PortCarrierAsk' });
export const carrierAsksToWire = (asks: readonly CarrierRequirement[]): z.infer<typeof carrierAskOut>[] =>
  otherAsks(asks).map(({ kind, label, help }) => ({ kind, label, help }));
const summary = {
  id: idOut('portOrder'),
  object: z.literal('port_order'),
  project_id: idOut('portProject'),
  state,
  state_since: timestampOut(),
  country: z.string().nullable(),
  number_type: z.string().nullable(),
  losing_carrier: z.string().nullable(),
  fast_port: z.boolean().describe('May be activated on demand'),
  foc_at: timestampOut().nullable().describe('When the numbers come'),
  foc_time_zone: z.string().nullable(),
  requested_foc_at: timestampOut().nullable(),
  revision: z.int(),
  created_at: timestampOut(),
  updated_at: timestampOut(),
};
export const portOrderSummaryOut = z.strictObject(summary).meta({ id: 'PortOrderSummary' });
export const portOrderOut = z
  .strictObject({
    ...summary,
    customer: z.enum(PORT_CUSTOMERS),
    fields: z.record(z.string(), z.string()),
    has_pin: z.boolean(),
    allowed_commands: z.array(z.enum(TENANT_COMMANDS)).describe('What its tenant may ask of it now; some also ask for a date or a reason'),
    faults: z.array(faultOut).describe('What is missing or wrong before a carrier can have it'),
    customer_record: comparisonOut.nullable().describe('Beside what the losing carrier has on record; null: it did not say (yet)'),
    customer_record_state: z
      .enum(['wanted', 'asked', 'told', 'untold'])
      .nullable()
      .describe('untold: the losing carrier does not tell, or not before it knows more of the account; null: it cannot be asked'),
    customer_record_reason: z.string().nullable().describe('Why it does not'),
    carrier_asks: z.array(carrierAskOut).describe('What the carrier asks of such ports that no field or document here answers'),
    messaging: z.string().nullable().describe('How far messages follow the calls, in the carrier’s own word; null: it does not tell'),
    documents: z.array(documentOut),
    rejections: z.array(rejectionOut),
    numbers: z.array(numberOut),
  })
  .meta({ id: 'PortOrder' });
/** An order as the API answers it. */
export type PortOrderOut = z.infer<typeof portOrderOut>;
export const portProjectQuery = z.strictObject({ ...pageQuery, external_reference: text(120).optional() });
export const portProjectOut = z
  .strictObject({
    id: idOut('portProject'),
    object: z.literal('port_project'),
    trunk_id: z.string().nullable(),
    emergency_address_id: z.string().nullable(),
    caller_name: z.string().nullable(),
    external_reference: z.string().nullable(),
    requested_foc_at: timestampOut().nullable(),
    is_aligned: z.boolean().describe('All firm dates so far are the same'),
    orders: z.array(portOrderSummaryOut),
    created_at: timestampOut(),
  })
  .meta({ id: 'PortProject' });
export const createdPortProject = portProjectOut
  .extend({
    webhook: z
      .strictObject({
        endpoint_id: idOut('webhookEndpoint').describe('Changed, disabled and deleted as any endpoint'),
        url: z.string(),
        secret: z.string().describe('Verifies its signatures. Shown this once'),
      })
      .meta({ id: 'PortProjectWebhook' })
      .nullable()
      .describe('The endpoint that was made for `webhook_url`'),
  })
  .meta({ id: 'CreatedPortProject' });
export const portEventOut = z
  .strictObject({
    sequence: z.int(),
    event: z.string(),
    state: state.describe('After it'),
    numbers: z.array(z.string()).describe('Empty: all'),
    reason: z.string().nullable(),
    actor: z.string(),
    at: timestampOut(),
  })
  .meta({ id: 'PortEvent' });
export const portHistoryOut = z.strictObject({ data: z.array(portEventOut) }).meta({ id: 'PortHistory' });
export const rejectionCountsOut = z
  .strictObject({
    data: z.array(
      z.strictObject({ code: z.string(), losing_carrier: z.string().nullable(), count: z.int() }).meta({ id: 'PortRejectionCount' }),
    ),
  })
  .meta({ id: 'PortRejectionCounts' });

export const portOrderSummaryToWire = (o: PortOrderRow): z.infer<typeof portOrderSummaryOut> => ({
  id: toPublicId('portOrder', o.id),
  object: 'port_order',
  project_id: toPublicId('portProject', o.projectId),
  state: o.state,
  state_since: o.stateSince.toISOString(),
  country: o.country,
  number_type: o.numberType,
  losing_carrier: o.losingCarrierName,
  fast_port: o.fastPort,
  foc_at: o.focAt?.toISOString() ?? null,
  foc_time_zone: o.focTimeZone,
  requested_foc_at: o.requestedFocAt?.toISOString() ?? null,
  revision: o.revision,
  created_at: o.createdAt.toISOString(),
  updated_at: o.updatedAt.toISOString(),
});

export const portOrderToWire = (o: PortOrderView): z.infer<typeof portOrderOut> => ({
  ...portOrderSummaryToWire(o),
  fields: { ...o.fields },
  customer: o.customer,
  has_pin: o.pinSealed !== null,
  allowed_commands: allowedCommands(o.state).filter((command) => o.fastPort || command !== 'activate'),
  faults: [...o.faults],
  customer_record: o.comparison && {
    lines: [...o.comparison.lines],
    not_on_account: [...o.comparison.notOnAccount],
    staying: [...o.comparison.staying],
  },
  customer_record_state: o.recordState,
  customer_record_reason: o.recordReason,
  carrier_asks: carrierAsksToWire(o.carrierAsks),
  messaging: o.messaging,
  documents: o.papers.map(portDocumentToWire),
  rejections: o.rejections.map((rejection) => {
    const { fixableBy, carrierCode, carrierText, fields: named, numbers: about, ...rest } = explained(rejection);
    return {
      ...rest,
      fixable_by: fixableBy,
      fields: [...named],
      carrier_code: carrierCode,
      carrier_text: carrierText,
      numbers: [...about],
    };
  }),
  numbers: o.numbers.map((n) => ({ number: n.e164, state: n.state, reason: n.reason })),
});

export const portProjectToWire = (p: PortProjectView): z.infer<typeof portProjectOut> => ({
  id: toPublicId('portProject', p.id),
  object: 'port_project',
  trunk_id: p.trunkId && toPublicId('trunk', p.trunkId),
  emergency_address_id: p.emergencyAddressId && toPublicId('emergencyAddress', p.emergencyAddressId),
  caller_name: p.callerName,
  external_reference: p.externalReference,
  requested_foc_at: p.requestedFocAt?.toISOString() ?? null,
  is_aligned: new Set(p.orders.flatMap((o) => o.focAt?.getTime() ?? [])).size <= 1,
  orders: p.orders.map(portOrderSummaryToWire),
  created_at: p.createdAt.toISOString(),
});

export const createdPortProjectToWire = (p: PortProjectView, webhook: PortProjectWebhook | null): z.infer<typeof createdPortProject> => ({
  ...portProjectToWire(p),
  webhook: webhook && { endpoint_id: toPublicId('webhookEndpoint', webhook.endpointId), url: webhook.url, secret: webhook.secret },
});

export const portEventToWire = (e: PortEventRow): z.infer<typeof portEventOut> => ({
  sequence: e.sequence,
  event: e.event,
  state: e.state,
  numbers: [...e.numbers],
  reason: e.data.reason ?? null,
  actor: e.actorType,
  at: e.at.toISOString(),
});

export const rejectionCountToWire = (c: RejectionCount) => ({ code: c.code, losing_carrier: c.losingCarrierName, count: c.count });
