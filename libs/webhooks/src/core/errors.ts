import { defineErrors } from '@trunkline/kernel';

export const webhookErrors = defineErrors({
  urlRefused: { code: 'webhook.url_refused', kind: 'invalid', title: 'Nothing is sent to that URL' },
  tooManyEndpoints: { code: 'webhook.too_many_endpoints', kind: 'conflict', title: 'The tenant has as many webhook endpoints as allowed' },
  endpointDisabled: { code: 'webhook.endpoint_disabled', kind: 'conflict', title: 'The webhook endpoint is disabled: enable it first' },
});
