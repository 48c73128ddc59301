import { ID_PREFIXES, snakeKey, toPublicId } from '@trunkline/kernel';
import type { EventDefinition, EventDefinitions, Field } from './events/event-fields.ts';
import { billingEvents } from './events/billing-events.ts';
import { callEvents } from './events/call-events.ts';
import { channelEvents } from './events/channel-events.ts';
import { identityEvents } from './events/identity-events.ts';
import { inboundRoutingEvents } from './events/inbound-routing-events.ts';
import { numberEvents } from './events/number-events.ts';
import { portingEvents } from './events/porting-events.ts';
import { provisioningEvents } from './events/provisioning-events.ts';
import { tenantEvents } from './events/tenant-events.ts';
import { trunkEvents } from './events/trunk-events.ts';
import { webhookEvents } from './events/webhook-events.ts';

/**
 * Every event that customers hear of. A field that is not named here is not told, whatever is published. An event that is published and
 * named neither here nor in INTERNAL_EVENTS fails the suite.
 */
export const EVENTS = {
  ...tenantEvents,
  ...trunkEvents,
  ...numberEvents,
  ...channelEvents,
  ...provisioningEvents,
  ...inboundRoutingEvents,
  ...identityEvents,
  ...portingEvents,
  ...callEvents,
  ...billingEvents,
  ...webhookEvents,
} satisfies EventDefinitions;

export type EventType = keyof typeof EVENTS;
export const EVENT_TYPES = Object.keys(EVENTS) as EventType[];
export const isEventType = (text: string): text is EventType => Object.hasOwn(EVENTS, text);

/** Events between parts of the platform, and those that are the operator's alone. */
export const INTERNAL_EVENTS = [
  ...['deck.version_published', 'payment_event.received', 'call_export.requested'],
  ...['number_import.requested', 'number_job.requested', 'number_return.requested', 'number_supplier.heard'],
  'verified_number.code_requested',
  ...['top_up.requested', 'refund.requested', 'reconciliation.difference_found'],
  ...[
    'port_order.carrier_due',
    'port_note.mentioned',
    'port_note.carrier_due',
    'carrier_port_event.received',
    'port_out.carrier_due',
    'carrier_port_out.changed',
  ],
  ...['edge.lost', 'edge.recovered', 'edge.drained', 'edge.drifted', 'edge.sweep_blocked'],
] as const;

const told = (field: Field, value: unknown): unknown =>
  'id' in field && typeof value === 'string' ? toPublicId(field.id, value) : (value ?? null);

/** An event's data as customers see it. */
export const eventData = (type: EventType, published: object): object => {
  const definition: EventDefinition = EVENTS[type];
  if ('resource' in definition) return published;
  const values = published as Record<string, unknown>;
  return Object.fromEntries(Object.entries(definition.data).map(([key, field]) => [snakeKey(key), told(field, values[key])]));
};

/** An event's data as it may look. */
export const eventExample = (type: EventType): object => {
  const definition: EventDefinition = EVENTS[type];
  if ('resource' in definition) return definition.example;
  return Object.fromEntries(Object.entries(definition.data).map(([key, field]) => [snakeKey(key), exampleOf(field)]));
};

const exampleOf = (field: Field): unknown => ('id' in field ? `${ID_PREFIXES[field.id]}_01kaq8x4s7fyz8m2q0w3e5r6t7` : field.example);

/** The JSON Schema of an event's data. */
export const eventDataSchema = (type: EventType): object => {
  const definition: EventDefinition = EVENTS[type];
  if ('resource' in definition) return { $ref: `#/components/schemas/${definition.resource}` };
  const properties = Object.entries(definition.data).map(([key, field]) => [snakeKey(key), schemaOf(field)] as const);
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    required: properties.map(([key]) => key),
    additionalProperties: false,
  };
};

const schemaOf = (field: Field): object => {
  const type = 'value' in field && field.value === 'integer' ? 'integer' : 'string';
  return {
    type: field.nullable ? [type, 'null'] : type,
    ...('id' in field && { pattern: `^${ID_PREFIXES[field.id]}_`, description: `The id of a ${snakeKey(field.id).replaceAll('_', ' ')}` }),
    ...('value' in field && field.value === 'date-time' && { format: 'date-time' }),
  };
};
