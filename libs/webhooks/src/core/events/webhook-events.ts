import { id, text } from './event-fields.ts';
import type { EventDefinitions } from './event-fields.ts';

const endpoint = { webhookEndpointId: id('webhookEndpoint') };

/** Of the endpoints that are told. */
export const webhookEvents = {
  'webhook_endpoint.created': { summary: 'A webhook endpoint was made', data: endpoint },
  'webhook_endpoint.updated': { summary: 'A webhook endpoint was changed', data: endpoint },
  'webhook_endpoint.secret_rotated': { summary: 'A webhook endpoint has a new secret and key', data: endpoint },
  'webhook_endpoint.enabled': { summary: 'Events are sent to a webhook endpoint again', data: endpoint },
  'webhook_endpoint.deleted': { summary: 'A webhook endpoint was deleted', data: endpoint },
  'webhook_endpoint.disabled': {
    summary: 'Nothing is sent to a webhook endpoint any more: it was asked for, or its answers are why',
    data: { ...endpoint, reason: text('failing') },
  },
  'webhook.ping': { summary: 'A test, sent when asked for', data: endpoint },
} as const satisfies EventDefinitions;
