import type Stripe from 'stripe';
import type { InvoiceState } from '../core/invoice-state.ts';
import type {
  DisputeState,
  PaidFor,
  ProviderDispute,
  ProviderInvoice,
  ProviderPayment,
  ProviderRefund,
  RefundState,
  TopUpState,
} from '../core/provider-news.ts';

/** Our ids in Stripe's metadata. */
export const INVOICE_ID = 'trunkline_invoice_id';
export const TENANT_ID = 'trunkline_tenant_id';
export const LINE_ID = 'trunkline_line_id';
export const TOP_UP_ID = 'trunkline_top_up_id';
export const REFUND_ID = 'trunkline_refund_id';
export const CREDIT_NOTE_ID = 'trunkline_credit_note_id';

/** The id of what Stripe names by id or, expanded, whole. */
export const idOf = (named: string | { readonly id: string } | null | undefined): string | null =>
  typeof named === 'string' ? named : (named?.id ?? null);

const dateOf = (seconds: number | null): Date | null => (seconds === null ? null : new Date(seconds * 1000));

const INVOICE_STATES: Readonly<Record<string, InvoiceState>> = { paid: 'paid', void: 'void', uncollectible: 'uncollectible' };
const invoiceState = ({ status, attempted }: Stripe.Invoice): InvoiceState =>
  INVOICE_STATES[status ?? ''] ?? (status === 'open' && attempted ? 'payment_failed' : 'open');

export const providerInvoice = (invoice: Stripe.Invoice): ProviderInvoice => ({
  providerInvoiceId: invoice.id,
  invoiceId: invoice.metadata?.[INVOICE_ID] ?? null,
  tenantId: invoice.metadata?.[TENANT_ID] ?? null,
  number: invoice.number,
  state: invoiceState(invoice),
  totalMinor: BigInt(invoice.total),
  paidMinor: BigInt(invoice.amount_paid),
  hostedUrl: invoice.hosted_invoice_url ?? null,
  paidAt: dateOf(invoice.status_transitions.paid_at),
});

/** Whose invoice it is; null when it is not of our making. */
export const invoicePaidFor = ({ invoiceId, tenantId }: ProviderInvoice): PaidFor | null =>
  invoiceId && tenantId ? { kind: 'invoice', id: invoiceId, tenantId } : null;

export const topUpPaidFor = ({ metadata }: Stripe.PaymentIntent): PaidFor | null => {
  const { [TOP_UP_ID]: id, [TENANT_ID]: tenantId } = metadata;
  return id && tenantId ? { kind: 'top_up', id, tenantId } : null;
};

const PAYMENT_STATES: Readonly<Record<string, TopUpState>> = {
  succeeded: 'succeeded',
  requires_action: 'requires_action',
  requires_payment_method: 'failed', // it was confirmed as it was made, so it was refused
  canceled: 'failed',
};

export const providerPayment = (
  intent: Stripe.PaymentIntent,
  paidFor: PaidFor | null,
  refunds: readonly Stripe.Refund[],
): ProviderPayment => ({
  providerPaymentId: intent.id,
  paidFor,
  state: PAYMENT_STATES[intent.status] ?? 'pending',
  receivedMinor: BigInt(intent.amount_received),
  declineCode:
    intent.last_payment_error?.decline_code ?? intent.last_payment_error?.code ?? (intent.status === 'canceled' ? 'canceled' : null),
  actionUrl: intent.next_action?.redirect_to_url?.url ?? null,
  refunds: refunds.map(providerRefund),
});

const REFUND_STATES: Readonly<Record<string, RefundState>> = { succeeded: 'succeeded', failed: 'failed', canceled: 'failed' };

export const providerRefund = (refund: Stripe.Refund): ProviderRefund => ({
  providerRefundId: refund.id,
  refundId: refund.metadata?.[REFUND_ID] ?? null,
  amountMinor: BigInt(refund.amount),
  state: REFUND_STATES[refund.status ?? ''] ?? 'pending',
});

const DISPUTE_STATES: Readonly<Record<string, DisputeState>> = {
  warning_needs_response: 'inquiry',
  warning_under_review: 'inquiry',
  warning_closed: 'won',
  prevented: 'won',
  won: 'won',
  lost: 'lost',
};
const NOT_WITHDRAWN = /^(warning_|prevented)/;

export const providerDispute = (dispute: Stripe.Dispute, paidFor: PaidFor | null): ProviderDispute => ({
  providerDisputeId: dispute.id,
  paidFor,
  amountMinor: BigInt(dispute.amount),
  state: DISPUTE_STATES[dispute.status] ?? 'open',
  withdrawn: !NOT_WITHDRAWN.test(dispute.status),
  reason: dispute.reason,
});
