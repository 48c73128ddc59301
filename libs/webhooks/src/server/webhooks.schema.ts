import { toPublicId } from '@trunkline/kernel';
import { idIn, idOut, pageQuery, text, timestampOut } from '@trunkline/platform';
import { z } from 'zod';
import { EVENT_FILTERS } from '../core/event-filter.ts';
import { EVENT_TYPES } from '../core/event-catalogue.ts';
import { DELIVERY_STATES } from './deliveries.sql.ts';
import type { LoggedAttempt, WebhookDelivery } from './deliveries.sql.ts';
import { DISABLED_REASONS } from './endpoints.sql.ts';
import type { WebhookEndpoint } from './endpoints.sql.ts';
import type { DeliveryDetail } from './webhook-queries.ts';

const instant = () => z.iso.datetime({ offset: true }).transform((at) => new Date(at));
const url = z.string().max(2_000).meta({ example: 'https://example.com/trunkline' });
const eventTypes = z
  .array(z.enum(EVENT_FILTERS as [string, ...string[]]))
  .min(1)
  .max(EVENT_FILTERS.length)
  .describe('Event types, `noun.*` for all of a noun, or `*` for all');

const onlyAbout = z
  .string()
  .regex(/^(ppr|por|pot)_[0-7][0-9a-hjkmnp-tv-z]{25}$/, 'must be the id of a port project, a port order or a port-out')
  .nullable()
  .default(null)
  .describe('The port project, port order or port-out that alone it is told of, beside the endpoints for everything; null: everything')
  .meta({ example: 'por_01jd9x7q3ne0a8d5r6t7v8w9xa' });

export const page = z.strictObject(pageQuery);
export const newEndpoint = z
  .strictObject({ url, description: text(200).nullable().default(null), event_types: eventTypes.default(['*']), only_about: onlyAbout })
  .meta({ id: 'NewWebhookEndpoint' });
export const endpointChange = z
  .strictObject({ url: url.optional(), description: text(200).nullable().optional(), event_types: eventTypes.optional() })
  .meta({ id: 'WebhookEndpointChange' });
export const rotation = z
  .strictObject({ overlap_secs: z.int().min(0).max(604_800).default(86_400).describe('How long messages carry the old signature too') })
  .meta({ id: 'WebhookSecretRotation' });
export const replaySpan = z
  .strictObject({
    from: instant().describe('Messages of that moment or later'),
    to: instant().describe('Messages before'),
    states: z
      .array(z.enum(DELIVERY_STATES))
      .min(1)
      .max(DELIVERY_STATES.length)
      .optional()
      .describe('Only deliveries in one of these states'),
  })
  .meta({ id: 'WebhookReplay' });
export const replayed = z.strictObject({ object: z.literal('webhook_replay'), count: z.int() }).meta({ id: 'WebhookReplayed' });

export const endpointOut = z
  .strictObject({
    id: idOut('webhookEndpoint'),
    object: z.literal('webhook_endpoint'),
    url: z.string(),
    description: z.string().nullable(),
    event_types: z.array(z.string()),
    only_about: z.string().nullable().describe('What alone it is told of; null: everything'),
    state: z.enum(['enabled', 'disabled']),
    disabled_reason: z.enum(DISABLED_REASONS).nullable(),
    disabled_at: timestampOut().nullable(),
    public_key: z.string().describe('Verifies the v1a signature (ed25519), for those who would rather share no secret'),
    previous_secret_until: timestampOut().nullable(),
    last_success_at: timestampOut().nullable(),
    revision: z.int(),
    created_at: timestampOut(),
    updated_at: timestampOut(),
  })
  .meta({ id: 'WebhookEndpoint' });
export const endpointWithSecret = endpointOut
  .extend({ secret: z.string().describe('Verifies the v1 signature (HMAC-SHA256). Shown this once') })
  .meta({ id: 'WebhookEndpointWithSecret' });

const iso = (at: Date | null): string | null => at && at.toISOString();

export const endpointToWire = (e: WebhookEndpoint): z.infer<typeof endpointOut> => ({
  id: toPublicId('webhookEndpoint', e.id),
  object: 'webhook_endpoint',
  url: e.url,
  description: e.description,
  event_types: [...e.eventTypes],
  only_about: e.onlyAbout,
  state: e.disabledAt === null ? 'enabled' : 'disabled',
  disabled_reason: e.disabledReason,
  disabled_at: iso(e.disabledAt),
  public_key: e.publicKey,
  previous_secret_until: iso(e.previousKeysUntil),
  last_success_at: iso(e.lastSuccessAt),
  revision: e.revision,
  created_at: e.createdAt.toISOString(),
  updated_at: e.updatedAt.toISOString(),
});

export const deliveryFilter = z.strictObject({
  ...pageQuery,
  endpoint_id: idIn('webhookEndpoint').optional(),
  state: z.enum(DELIVERY_STATES).optional(),
  event_type: z.enum(EVENT_TYPES).optional(),
  from: instant().optional().describe('Opened at or after'),
  to: instant().optional().describe('Opened before'),
});
const deliveryFields = {
  id: idOut('webhookDelivery'),
  object: z.literal('webhook_delivery'),
  endpoint_id: idOut('webhookEndpoint'),
  message_id: idOut('event').describe('The `webhook-id` header: the id of the event, the same in every attempt and replay'),
  event_type: z.string(),
  state: z.enum(DELIVERY_STATES),
  attempt_count: z.int(),
  next_attempt_at: timestampOut().nullable(),
  created_at: timestampOut(),
};
export const deliveryOut = z.strictObject(deliveryFields).meta({ id: 'WebhookDelivery' });
const attemptOut = z.strictObject({
  number: z.int(),
  at: timestampOut(),
  latency_ms: z.int(),
  status: z.int().nullable(),
  error: z.string().nullable().describe('Why there was no answer'),
  answer: z.string().describe('The first 1 kB of the answer'),
});
export const deliveryDetailOut = z
  .strictObject({ ...deliveryFields, body: z.string().describe('What is sent, byte by byte'), attempts: z.array(attemptOut) })
  .meta({ id: 'WebhookDeliveryDetail' });

export const deliveryToWire = (d: WebhookDelivery): z.infer<typeof deliveryOut> => ({
  id: toPublicId('webhookDelivery', d.id),
  object: 'webhook_delivery',
  endpoint_id: toPublicId('webhookEndpoint', d.endpointId),
  message_id: toPublicId('event', d.messageId),
  event_type: d.eventType,
  state: d.state,
  attempt_count: d.attempts,
  next_attempt_at: iso(d.nextAttemptAt),
  created_at: d.createdAt.toISOString(),
});

export const attemptToWire = (a: LoggedAttempt): z.infer<typeof attemptOut> => ({
  number: a.number,
  at: a.at.toISOString(),
  latency_ms: a.latencyMs,
  status: a.status,
  error: a.error,
  answer: a.answer,
});

export const deliveryDetailToWire = (d: DeliveryDetail): z.infer<typeof deliveryDetailOut> => ({
  ...deliveryToWire(d),
  body: d.body,
  attempts: d.log.map(attemptToWire),
});

export const eventTypesOut = z
  .strictObject({
    data: z.array(
      z.strictObject({
        type: z.string(),
        object: z.literal('webhook_event_type'),
        summary: z.string(),
        filters: z.array(z.string()).describe('What an endpoint may listen to in order to get it'),
        data_schema: z.record(z.string(), z.unknown()).describe('JSON Schema of `data`'),
        example: z.record(z.string(), z.unknown()).describe('`data` as it may look'),
      }),
    ),
  })
  .meta({ id: 'WebhookEventTypes' });
