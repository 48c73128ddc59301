import { defineErrors } from '@trunkline/kernel';

/** What the HTTP layer itself can answer. Statuses outside the eight kinds (413, 415, 429) are Fastify's. */
export const platformErrors = defineErrors({
  unauthenticated: {
    code: 'auth.invalid_key',
    kind: 'unauthenticated',
    title: 'The API key or session is missing, unknown, expired or revoked',
  },
  forbidden: { code: 'auth.scope_missing', kind: 'forbidden', title: 'This API key or role may not do that' },
  operatorOnly: { code: 'auth.operator_only', kind: 'forbidden', title: 'Only the operator of the platform may do that' },
  personOnly: { code: 'auth.person_only', kind: 'forbidden', title: 'Only a person who is logged in may do that' },
  crossSite: { code: 'auth.cross_site', kind: 'forbidden', title: 'A session acts only for pages of this platform' },
  tenantRequired: {
    code: 'auth.tenant_required',
    kind: 'invalid',
    title: 'Whoever may act for several tenants names one in the Trunkline-Tenant header',
  },
  unavailable: { code: 'platform.unavailable', kind: 'unavailable', title: 'A part of the platform does not answer; try again' },
  internal: { code: 'platform.internal', kind: 'unavailable', title: 'Something went wrong on our side' },
  tooLarge: { code: 'request.too_large', kind: 'invalid', title: 'The request body is larger than this route accepts' },
  unsupportedMediaType: { code: 'request.unsupported_media_type', kind: 'invalid', title: 'This route does not accept that content type' },
  queryTooComplex: {
    code: 'graphql.too_complex',
    kind: 'invalid',
    title: 'The query is deeper, wider or dearer than this API answers',
  },
  tooManySubscriptions: {
    code: 'graphql.too_many_subscriptions',
    kind: 'conflict',
    title: 'The socket has as many subscriptions as it may',
  },
  idempotencyInFlight: { code: 'idempotency.in_flight', kind: 'conflict', title: 'A request with this Idempotency-Key is still running' },
  idempotencyMismatch: { code: 'idempotency.key_reused', kind: 'mismatch', title: 'This Idempotency-Key was used for another request' },
});
