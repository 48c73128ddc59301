import type Stripe from 'stripe';
import { find, listOf, newStripeId } from './account.ts';
import type { Account, InvoiceItem } from './account.ts';
import { checkMetadata } from './metadata.ts';
import { invalid } from './stripe-fault.ts';

const ITEMS_MAX = 250; // per invoice, docs.stripe.com/api/invoiceitems/create

export const itemsOf = (account: Account, invoiceId: string): InvoiceItem[] =>
  Object.values(account.state.invoiceItems).filter(({ invoice }) => invoice === invoiceId);

/** Items go to a draft invoice, by its id: pending items, which would ride along with any invoice, are not emulated. */
export const createInvoiceItem = (account: Account, params: Stripe.InvoiceItemCreateParams): InvoiceItem => {
  const customer = find(account.state.customers, 'customer', params.customer ?? '', 'customer');
  const invoice = find(account.state.invoices, 'invoice', params.invoice ?? '', 'invoice');
  const { amount, currency = invoice.currency } = params;
  if (invoice.status !== 'draft')
    throw invalid('The invoice is no longer a draft: items cannot be added', 'invoice', 'invoice_not_editable');
  if (invoice.customer !== customer.id) throw invalid('The invoice belongs to another customer', 'invoice');
  if (currency !== invoice.currency) throw invalid(`The invoice is in ${invoice.currency}`, 'currency');
  if (amount === undefined || !Number.isSafeInteger(amount))
    throw invalid(`Invalid integer: ${amount}`, 'amount', 'parameter_invalid_integer');
  if (itemsOf(account, invoice.id).length >= ITEMS_MAX) throw invalid(`An invoice has at most ${ITEMS_MAX} items`, 'invoice');
  const now = account.now();
  const item: InvoiceItem = {
    id: newStripeId('ii'),
    object: 'invoiceitem',
    amount,
    currency,
    customer: customer.id,
    invoice: invoice.id,
    date: now,
    description: params.description ?? null,
    metadata: checkMetadata(params.metadata),
    period: params.period ?? { start: now, end: now },
    livemode: false,
  };
  account.state.invoiceItems[item.id] = item;
  invoice.total += amount;
  invoice.subtotal = invoice.amount_due = invoice.amount_remaining = invoice.total;
  account.emit('invoiceitem.created', item);
  return item;
};

export const listInvoiceItems = (account: Account, params: Stripe.InvoiceItemListParams): object =>
  listOf('/v1/invoiceitems', params.invoice ? itemsOf(account, params.invoice) : Object.values(account.state.invoiceItems), params);
