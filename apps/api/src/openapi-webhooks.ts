import { EVENTS, EVENT_TYPES, eventDataSchema } from '@trunkline/webhooks';
import type { EventType } from '@trunkline/webhooks';
import { exampleOf } from './event-catalogue.ts';

const header = (name: string, description: string) => ({ name, in: 'header', required: true, description, schema: { type: 'string' } });
const HEADERS = [
  header('webhook-id', 'The id of the event, the same in every attempt and replay: what has been seen before can be ignored'),
  header('webhook-timestamp', 'When this attempt was made, in Unix seconds'),
  header('webhook-signature', 'Standard Webhooks 1.0: v1 (HMAC-SHA256) and v1a (ed25519) signatures, separated by spaces'),
];

const operation = (type: EventType) => ({
  post: {
    operationId: type,
    tags: ['Webhooks'],
    summary: EVENTS[type].summary,
    description:
      'Sent to every endpoint that asks for this type, at least once, in no promised order. Any 2xx takes it; anything else is tried again.',
    security: [],
    parameters: HEADERS,
    requestBody: {
      content: {
        'application/json': {
          schema: {
            type: 'object',
            properties: { type: { const: type }, timestamp: { type: 'string', format: 'date-time' }, data: eventDataSchema(type) },
            required: ['type', 'timestamp', 'data'],
          },
          example: exampleOf(type),
        },
      },
    },
    responses: { '2XX': { description: 'Received' }, '410': { description: 'Nothing more is sent' } },
  },
});

/** The `webhooks` of the OpenAPI document: what is sent, from the catalogue of events. */
export const openApiWebhooks = (): Record<string, object> => Object.fromEntries(EVENT_TYPES.map((type) => [type, operation(type)]));
