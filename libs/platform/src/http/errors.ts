import { defineErrors } from '@trunkline/kernel';

/** What the HTTP layer itself can answer. Statuses outside the kinds (413, 415) are Fastify's. */
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
  addressNotAllowed: { code: 'auth.address_not_allowed', kind: 'forbidden', title: 'This API key may not be used from this address' },
  rateLimited: {
    code: 'request.rate_limited',
    kind: 'rate_limited',
    title: 'More requests than the key or its tenant may make; wait, as Retry-After says',
  },
  revisionMismatch: {
    code: 'request.revision_mismatch',
    kind: 'precondition',
    title: 'The resource has another revision than the one named in If-Match: somebody changed it meanwhile',
  },
  tenantRequired: {
    code: 'auth.tenant_required',
    kind: 'invalid',
    title: 'Whoever may act for several tenants names one in the Trunkline-Tenant header',
  },
  quoted: {
    code: 'order.quoted',
    kind: 'payment_required',
    title: 'Nothing was ordered: this is what it costs. Send it again with the quote_id',
  },
  quoteExpired: { code: 'quote.expired', kind: 'conflict', title: 'The quote is no longer valid; ask for another' },
  quoteUsed: { code: 'quote.used', kind: 'conflict', title: 'Something was ordered by this quote already' },
  quotePriceChanged: {
    code: 'quote.price_changed',
    kind: 'conflict',
    title: 'The order costs something else by now; ask for another quote',
  },
  quoteOfOther: { code: 'quote.other_request', kind: 'mismatch', title: 'The quote is for another request' },
  unavailable: { code: 'platform.unavailable', kind: 'unavailable', title: 'A part of the platform does not answer; try again' },
  internal: { code: 'platform.internal', kind: 'unavailable', title: 'Something went wrong on our side' },
  tooLarge: { code: 'request.too_large', kind: 'invalid', title: 'The request body is larger than this route accepts' },
  unsupportedMediaType: { code: 'request.unsupported_media_type', kind: 'invalid', title: 'This route does not accept that content type' },
  documentType: { code: 'document.type', kind: 'invalid', title: 'A document is a PDF, PNG, JPEG or TIFF, and is what it says it is' },
  documentInfected: { code: 'document.infected', kind: 'invalid', title: 'A virus was found in the document' },
  documentNotScanned: { code: 'document.not_scanned', kind: 'unavailable', title: 'The document could not be looked through for viruses' },
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
