import { defineErrors } from '@trunkline/kernel';

export const billingErrors = defineErrors({
  totalMismatch: { code: 'billing.total_mismatch', kind: 'conflict', title: "The payment provider's total is not the invoice's" },
  badSignature: { code: 'billing.bad_signature', kind: 'invalid', title: 'The webhook is not signed by the payment provider' },
});
