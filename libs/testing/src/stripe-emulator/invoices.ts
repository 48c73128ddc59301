import type Stripe from 'stripe';
import { find, listOf, newStripeId } from './account.ts';
import type { Account, Invoice, PaymentMethod } from './account.ts';
import { checkMetadata } from './metadata.ts';
import { declined, invalid } from './stripe-fault.ts';

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
    status_transitions: { finalized_at: null, marked_uncollectible_at: null, paid_at: null, voided_at: null },
  };
  account.state.invoices[invoice.id] = invoice;
  account.emit('invoice.created', invoice);
  return invoice;
};

export const retrieveInvoice = (account: Account, _: object, id: string): Invoice => find(account.state.invoices, 'invoice', id);

export const listInvoices = (account: Account, { customer, status, ...page }: Stripe.InvoiceListParams): object => {
  const wanted = (invoice: Invoice) => (customer ?? invoice.customer) === invoice.customer && (status ?? invoice.status) === invoice.status;
  return listOf('/v1/invoices', Object.values(account.state.invoices).filter(wanted), page);
};

/** @throws StripeFault 400 when the invoice is in none of the states */
const invoiceIn = (account: Account, id: string, ...states: Invoice['status'][]): Invoice => {
  const invoice = find(account.state.invoices, 'invoice', id);
  if (!states.includes(invoice.status))
    throw invalid(`The invoice is ${invoice.status}; this needs ${states.join(' or ')}`, 'id', 'invoice_not_editable');
  return invoice;
};

const settle = (account: Account, invoice: Invoice): Invoice => {
  invoice.status = 'paid';
  invoice.amount_paid = invoice.amount_due;
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
  invoice.status_transitions.finalized_at = account.now();
  account.emit('invoice.finalized', invoice);
  if (invoice.total > 0) return invoice;
  invoice.attempted = true;
  return settle(account, invoice);
};

const methodFor = (account: Account, invoice: Invoice, wanted: string | undefined): PaymentMethod => {
  const id = wanted ?? account.state.customers[invoice.customer]?.invoice_settings.default_payment_method;
  const method = id ? account.state.paymentMethods[id] : undefined;
  if (method?.customer === invoice.customer) return method;
  throw invalid('This customer has no attached payment source or default payment method.', 'payment_method', 'missing');
};

/** Charges the card: paid, or 402 and `invoice.payment_failed` while the invoice stays open. */
export const payInvoice = (account: Account, params: Stripe.InvoicePayParams, id: string): Invoice => {
  const invoice = invoiceIn(account, id, 'open', 'uncollectible');
  if (params.paid_out_of_band) return settle(account, invoice);
  const method = methodFor(account, invoice, params.payment_method);
  invoice.attempted = true;
  invoice.attempt_count += 1;
  if (method.test_card === 'pm_card_visa') return settle(account, invoice);
  account.emit('invoice.payment_failed', invoice);
  throw declined();
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
