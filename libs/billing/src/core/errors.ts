import { defineErrors } from '@trunkline/kernel';

export const billingErrors = defineErrors({
  totalMismatch: { code: 'billing.total_mismatch', kind: 'conflict', title: "The payment provider's total is not the invoice's" },
  badSignature: { code: 'billing.bad_signature', kind: 'invalid', title: 'The webhook is not signed by the payment provider' },
  paymentMethodRefused: {
    code: 'billing.payment_method_refused',
    kind: 'invalid',
    title: 'The payment provider does not take this payment method',
  },
  paymentRefused: {
    code: 'billing.payment_refused',
    kind: 'payment_required',
    title: 'The payment was refused; the invoice is still owed',
  },
  providerUnavailable: {
    code: 'billing.provider_unavailable',
    kind: 'unavailable',
    title: 'The payment provider does not answer; try again',
  },
});
