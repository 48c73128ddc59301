import type Stripe from 'stripe';
import { find, listOf, madeIn, newStripeId } from './account.ts';
import type { Account, Invoice, InvoicePayment, PaymentIntent, PaymentMethod } from './account.ts';
import { checkMetadata } from './metadata.ts';
import { charge, newIntent } from './payment-intents.ts';
import { StripeFault, invalid, unconfirmed } from './stripe-fault.ts';

export const createInvoice = (account: Account, params: Stripe.InvoiceCreateParams): Invoice => {
  const customer = find(account.state.customers, 'customer', params.customer ?? '', 'customer');
  const twin = params.number && Object.values(account.state.invoices).some(({ number }) => number === params.number);
  if (twin) throw invalid(`The invoice number ${params.number} is taken`, 'number');
  if (params.auto_advance) throw invalid('The emulator advances no invoice by itself', 'auto_advance');
  const invoice: Invoice = {
    id: newStripeId('in'),
    object: 'invoice',
    number: params.number ?? null,
    status: 'draft',
    currency: params.currency ?? 'usd',
    customer: customer.id,
    description: params.description ?? null,
    metadata: checkMetadata(params.metadata),
    total: 0,
    subtotal: 0,
    amount_due: 0,
    amount_paid: 0,
    amount_remaining: 0,
    attempted: false,
    attempt_count: 0,
    auto_advance: false,
    collection_method: 'charge_automatically',
    created: account.now(),
    livemode: false,
    pre_payment_credit_notes_amount: 0,
    post_payment_credit_notes_amount: 0,
    hosted_invoice_url: null,
    status_transitions: { finalized_at: null, marked_uncollectible_at: null, paid_at: null, voided_at: null },
  };
  account.state.invoices[invoice.id] = invoice;
  account.emit('invoice.created', invoice);
  return invoice;
};

export const retrieveInvoice = (account: Account, _: object, id: string): Invoice => find(account.state.invoices, 'invoice', id);

export const listInvoices = (account: Account, { customer, status, created, ...page }: Stripe.InvoiceListParams): object => {
  const wanted = (invoice: Invoice) =>
    (customer ?? invoice.customer) === invoice.customer &&
    (status ?? invoice.status) === invoice.status &&
    madeIn(invoice.created, created);
  return listOf('/v1/invoices', Object.values(account.state.invoices).filter(wanted), page);
};

/** @throws StripeFault 400 when the invoice is in none of the states */
const invoiceIn = (account: Account, id: string, ...states: Invoice['status'][]): Invoice => {
  const invoice = find(account.state.invoices, 'invoice', id);
  if (!states.includes(invoice.status))
    throw invalid(`The invoice is ${invoice.status}; this needs ${states.join(' or ')}`, 'id', 'invoice_not_editable');
  return invoice;
};

export const settle = (account: Account, invoice: Invoice): Invoice => {
  invoice.status = 'paid';
  invoice.amount_paid += invoice.amount_remaining;
  invoice.amount_remaining = 0;
  invoice.status_transitions.paid_at = account.now();
  account.emit('invoice.paid', invoice);
  account.emit('invoice.payment_succeeded', invoice);
  return invoice;
};

/** Draft → open; an invoice of nothing is paid at once. The number is given here unless it was at creation. */
export const finalizeInvoice = (account: Account, _: Stripe.InvoiceFinalizeInvoiceParams, id: string): Invoice => {
  const invoice = invoiceIn(account, id, 'draft');
  if (invoice.total < 0) throw invalid('A negative total would go to the customer balance, which is not emulated');
  invoice.status = 'open';
  invoice.number ??= `EMU-${Object.keys(account.state.invoices).length}`;
  invoice.hosted_invoice_url = `${account.url()}/i/${invoice.id}`;
  invoice.status_transitions.finalized_at = account.now();
  account.emit('invoice.finalized', invoice);
  if (invoice.total > 0) return invoice;
  invoice.attempted = true;
  return settle(account, invoice);
};

const methodFor = (account: Account, invoice: Invoice, wanted: string | undefined): PaymentMethod => {
  const id = wanted ?? account.state.customers[invoice.customer]?.invoice_settings.default_payment_method;
  const method = id ? account.state.paymentMethods[id] : undefined;
  if (method && method.customer === invoice.customer) return method;
  throw invalid('This customer has no attached payment source or default payment method.', 'payment_method', 'missing');
};

const paymentOf = (account: Account, invoice: Invoice): InvoicePayment | undefined =>
  Object.values(account.state.invoicePayments).find((payment) => payment.invoice === invoice.id && payment.status === 'open');

/** The payment of what is left to pay: the one begun, unless the amount changed. */
const intentOf = (account: Account, invoice: Invoice): { intent: PaymentIntent; payment: InvoicePayment } => {
  const begun = paymentOf(account, invoice);
  const { amount_remaining: amount, currency, customer } = invoice;
  if (begun && begun.amount_requested === amount)
    return { intent: find(account.state.paymentIntents, 'payment_intent', begun.payment.payment_intent), payment: begun };
  if (begun) delete account.state.invoicePayments[begun.id];
  const intent = newIntent(account, { amount, currency, customer });
  const payment: InvoicePayment = {
    id: newStripeId('inpay'),
    object: 'invoice_payment',
    amount_paid: null,
    amount_requested: amount,
    created: account.now(),
    currency,
    invoice: invoice.id,
    is_default: true,
    livemode: false,
    payment: { type: 'payment_intent', payment_intent: intent.id },
    status: 'open',
  };
  account.state.invoicePayments[payment.id] = payment;
  return { intent, payment };
};

/** After a payment that succeeded: the invoice is paid. */
export const settleBy = (account: Account, intent: PaymentIntent): void => {
  const payment = Object.values(account.state.invoicePayments).find((p) => p.payment.payment_intent === intent.id);
  if (!payment || payment.status === 'paid') return;
  Object.assign(payment, { status: 'paid', amount_paid: intent.amount });
  settle(account, find(account.state.invoices, 'invoice', payment.invoice));
};

/** Charges the card: paid, or 402 and `invoice.payment_failed` while the invoice stays open. */
export const payInvoice = (account: Account, params: Stripe.InvoicePayParams, id: string): Invoice => {
  const invoice = invoiceIn(account, id, 'open', 'uncollectible');
  if (params.paid_out_of_band) return settle(account, invoice);
  const method = methodFor(account, invoice, params.payment_method);
  invoice.attempted = true;
  invoice.attempt_count += 1;
  const { intent } = intentOf(account, invoice);
  try {
    if (charge(account, intent, method, { off: false }).status === 'requires_action') {
      account.emit('invoice.payment_action_required', invoice);
      throw unconfirmed('invoice_payment_intent_requires_action', intent);
    }
  } catch (error) {
    if (error instanceof StripeFault) account.emit('invoice.payment_failed', invoice);
    throw error;
  }
  settleBy(account, intent);
  return invoice;
};

export const listInvoicePayments = (account: Account, { invoice, payment, status, ...page }: Stripe.InvoicePaymentListParams): object => {
  const wanted = (p: InvoicePayment) =>
    (invoice ?? p.invoice) === p.invoice &&
    (payment?.payment_intent ?? p.payment.payment_intent) === p.payment.payment_intent &&
    (status ?? p.status) === p.status;
  return listOf('/v1/invoice_payments', Object.values(account.state.invoicePayments).filter(wanted), page);
};

const close = (account: Account, id: string, status: 'void' | 'uncollectible', from: Invoice['status'][]): Invoice => {
  const invoice = invoiceIn(account, id, ...from);
  invoice.status = status;
  if (status === 'void') invoice.status_transitions.voided_at = account.now();
  else invoice.status_transitions.marked_uncollectible_at = account.now();
  account.emit(status === 'void' ? 'invoice.voided' : 'invoice.marked_uncollectible', invoice);
  return invoice;
};

export const voidInvoice = (account: Account, _: object, id: string): Invoice => close(account, id, 'void', ['open', 'uncollectible']);

export const markUncollectible = (account: Account, _: object, id: string): Invoice => close(account, id, 'uncollectible', ['open']);
