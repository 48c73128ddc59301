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
  creditTooHigh: { code: 'billing.credit_too_high', kind: 'conflict', title: 'More than is left of that line of the invoice' },
  refundTooHigh: { code: 'billing.refund_too_high', kind: 'conflict', title: 'More than was paid and is not refunded yet' },
  invoiceVoid: { code: 'billing.invoice_void', kind: 'conflict', title: 'The invoice is void: nothing of it can be credited' },
  notPaid: { code: 'billing.not_paid', kind: 'conflict', title: 'Nothing was paid by card that could be refunded' },
  balanceInDebt: {
    code: 'billing.balance_in_debt',
    kind: 'conflict',
    title: 'The tenant owes more than its invoices say; it must be topped up before it pays afterwards',
  },
  providerUnavailable: {
    code: 'billing.provider_unavailable',
    kind: 'unavailable',
    title: 'The payment provider does not answer; try again',
  },
});
