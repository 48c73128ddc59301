import { toPublicId } from '@trunkline/kernel';
import type { IdKind } from '@trunkline/kernel';

/** How a field of an event's data is told: an id by its kind, or a value as it is. Null stays null. */
type Field = { readonly id: IdKind } | { readonly value: 'string' | 'integer' | 'date-time' };
/** `data`: the fields that are told, by their name in the code. `resource`: the data is a resource of the API, published as the API shows it. */
type EventDefinition = { readonly summary: string } & ({ readonly data: Readonly<Record<string, Field>> } | { readonly resource: string });

const id = (kind: IdKind): Field => ({ id: kind });
const text: Field = { value: 'string' };
const integer: Field = { value: 'integer' };
const time: Field = { value: 'date-time' };

const member = { memberId: id('member'), role: text };
const trunk = { trunkId: id('trunk') };
const number = { numberId: id('number'), e164: text, trunkId: id('trunk') };
const invoice = { invoiceId: id('invoice') };
const topUp = { topUpId: id('topUp') };
const refund = { refundId: id('refund') };
const dispute = { disputeId: id('dispute'), invoiceId: id('invoice'), topUpId: id('topUp') };
const callExport = { callExportId: id('callExport'), rowCount: integer };

/**
 * Every event that customers hear of. A field that is not named here is not told, whatever is published. An event that is published and
 * named neither here nor in INTERNAL_EVENTS fails the suite.
 */
export const EVENTS = {
  'tenant.created': { summary: 'The tenant was created', data: { tenantId: id('tenant') } },
  'tenant.held': { summary: 'A hold was placed: calls are refused, except emergency calls', data: { tenantId: id('tenant'), kind: text } },
  'tenant.hold_lifted': { summary: 'A hold was lifted', data: { tenantId: id('tenant'), kind: text } },
  'tenant.home_moved': {
    summary: 'Another edge carries the calls: register and send them there',
    data: { tenantId: id('tenant'), edge: text, sipAddress: text, cause: text },
  },
  'kyc.submitted': { summary: 'The file was handed to the operator', data: { tenantId: id('tenant') } },
  'kyc.approved': { summary: 'The tenant is verified', data: { tenantId: id('tenant'), verifiedUntil: time } },
  'kyc.rejected': { summary: 'The file was rejected; a verification it had is over', data: { tenantId: id('tenant'), reason: text } },
  'kyc.information_requested': { summary: 'The operator asks for more', data: { tenantId: id('tenant'), reason: text } },
  'kyc.reopened': { summary: 'A rejected file may begin anew', data: { tenantId: id('tenant') } },
  'kyc.expired': { summary: 'The verification is over; submit the file again', data: { tenantId: id('tenant') } },
  'invitation.created': { summary: 'Somebody was invited', data: { invitationId: id('invitation'), role: text } },
  'member.added': { summary: 'Somebody became a member', data: member },
  'member.updated': { summary: 'A member has another role, was stopped or may act again', data: member },
  'member.removed': { summary: 'A member was removed', data: member },
  'sso_connection.changed': { summary: 'The identity provider that signs members in is another, or none', data: {} },
  'plan.assigned': { summary: 'A plan applies from a day on', data: { planId: id('plan'), from: time } },
  'trunk.created': { summary: 'A trunk was created', data: trunk },
  'trunk.updated': { summary: 'A trunk was changed', data: { ...trunk, revision: integer } },
  'trunk.deleted': { summary: 'A trunk was deleted', data: trunk },
  'number.ordered': { summary: 'A number was ordered', data: number },
  'number.assigned': { summary: 'A number points at a trunk, or at another one', data: { ...number, revision: integer } },
  'number.unassigned': { summary: 'A number points at no trunk any more', data: { ...number, revision: integer } },
  'number.updated': { summary: 'A number was changed', data: { ...number, revision: integer } },
  'number.released': { summary: 'A number was given back', data: { numberId: id('number'), e164: text, quarantinedUntil: time } },
  'call.completed': { summary: 'A call ended, was not answered or was refused, and is stored', resource: 'Call' },
  'call.corrected': { summary: 'A stored call was replaced by a later record of it, and charged anew', resource: 'Call' },
  'call_export.completed': { summary: 'The file of an export can be downloaded', data: callExport },
  'call_export.failed': { summary: 'The file of an export could not be made', data: { callExportId: id('callExport') } },
  'invoice.issued': { summary: 'A month was closed into an invoice', data: invoice },
  'invoice.paid': { summary: 'An invoice was paid', data: invoice },
  'invoice.payment_failed': { summary: 'A payment of an invoice failed', data: invoice },
  'invoice.void': { summary: 'An invoice is void', data: invoice },
  'invoice.uncollectible': { summary: 'Nobody expects the money of an invoice any more', data: invoice },
  'credit_note.issued': { summary: 'A credit note takes back a part of an invoice', data: { creditNoteId: id('creditNote'), ...invoice } },
  'balance.low': { summary: 'A prepaid balance has come down to its mark, or is used up', data: { tenantId: id('tenant') } },
  'billing_mode.changed': { summary: 'Calls are paid ahead from now on, or after the month', data: { mode: text } },
  'auto_top_up.changed': { summary: 'The settings of automatic top-ups changed', data: {} },
  'top_up.succeeded': { summary: 'A top-up was paid and is on the balance', data: topUp },
  'top_up.failed': { summary: 'The card of a top-up was declined', data: topUp },
  'top_up.requires_action': { summary: 'The bank wants the card holder to confirm a top-up', data: topUp },
  'refund.succeeded': { summary: 'Money went back', data: refund },
  'refund.failed': { summary: 'Money could not be sent back', data: refund },
  'dispute.inquiry': { summary: 'A bank asks about a payment; nothing is taken yet', data: dispute },
  'dispute.open': { summary: 'The card holder disputes a payment', data: dispute },
  'dispute.won': { summary: 'A dispute was decided for us: the money is back', data: dispute },
  'dispute.lost': { summary: 'A dispute was decided against us', data: dispute },
  'payment_method.changed': { summary: 'Another payment method is charged', data: {} },
  'webhook_endpoint.disabled': {
    summary: 'Nothing is sent to a webhook endpoint any more, because of its answers',
    data: { webhookEndpointId: id('webhookEndpoint'), reason: text },
  },
  'webhook.ping': { summary: 'A test, sent when asked for', data: { webhookEndpointId: id('webhookEndpoint') } },
} as const satisfies Readonly<Record<string, EventDefinition>>;

export type EventType = keyof typeof EVENTS;
export const EVENT_TYPES = Object.keys(EVENTS) as EventType[];
export const isEventType = (text: string): text is EventType => Object.hasOwn(EVENTS, text);

/** Events between parts of the platform, and those that are the operator's alone. */
export const INTERNAL_EVENTS = [
  ...['deck.version_published', 'payment_event.received', 'call_export.requested'],
  ...['top_up.requested', 'refund.requested', 'reconciliation.difference_found'],
  ...['edge.lost', 'edge.recovered', 'edge.drained', 'edge.drifted', 'edge.sweep_blocked'],
] as const;

const snake = (key: string): string => key.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);

const told = (field: Field, value: unknown): unknown =>
  'id' in field && typeof value === 'string' ? toPublicId(field.id, value) : (value ?? null);

/** An event's data as customers see it. */
export const eventData = (type: EventType, published: object): object => {
  const definition: EventDefinition = EVENTS[type];
  if ('resource' in definition) return published;
  const values = published as Record<string, unknown>;
  return Object.fromEntries(Object.entries(definition.data).map(([key, field]) => [snake(key), told(field, values[key])]));
};

/** The JSON Schema of an event's data. */
export const eventDataSchema = (type: EventType): object => {
  const definition: EventDefinition = EVENTS[type];
  if ('resource' in definition) return { $ref: `#/components/schemas/${definition.resource}` };
  const properties = Object.entries(definition.data).map(([key, field]) => [snake(key), schemaOf(field)]);
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    required: properties.map(([key]) => key),
    additionalProperties: false,
  };
};

const schemaOf = (field: Field): object => {
  if ('id' in field) return { type: ['string', 'null'], description: `The id of a ${snake(field.id).replaceAll('_', ' ')}` };
  return field.value === 'integer'
    ? { type: ['integer', 'null'] }
    : { type: ['string', 'null'], ...(field.value === 'date-time' && { format: 'date-time' }) };
};
