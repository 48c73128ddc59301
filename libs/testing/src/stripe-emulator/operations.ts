import type Stripe from 'stripe';
import { listOf } from './account.ts';
import type { Account } from './account.ts';
import { checkRequest } from './contract.ts';
import { createCreditNote, listCreditNotes, retrieveCreditNote, voidCreditNote } from './credit-notes.ts';
import { attachPaymentMethod, createCustomer, detachPaymentMethod, retrieveCustomer, updateCustomer } from './customers.ts';
import { retrieveDispute } from './disputes.ts';
import type { Params } from './form-body.ts';
import { createInvoiceItem, listInvoiceItems } from './invoice-items.ts';
import {
  createInvoice,
  finalizeInvoice,
  listInvoicePayments,
  listInvoices,
  markUncollectible,
  payInvoice,
  retrieveInvoice,
  voidInvoice,
} from './invoices.ts';
import {
  cancelPaymentIntent,
  confirmPaymentIntent,
  createPaymentIntent,
  listPaymentIntents,
  retrieveCharge,
  retrievePaymentIntent,
} from './payment-intents.ts';
import { createRefund, listRefunds, retrieveRefund } from './refunds.ts';
import { invalid } from './stripe-fault.ts';

type Operation = { readonly run: (account: Account, params: Params, id: string) => object; readonly takes: readonly string[] };

/** `takes` are the parameters that have an effect here. */
const operation = <P extends object>(
  run: (account: Account, params: P, id: string) => object,
  takes: ReadonlyArray<keyof P & string>,
): Operation => ({
  run: run as unknown as Operation['run'], // the contract has checked the parameters against P
  takes,
});

const listEvents = (account: Account, { type, ...page }: Stripe.EventListParams) =>
  listOf(
    '/v1/events',
    account.state.events.filter((event) => (type ?? event.type) === event.type),
    page,
  );

const PAGE = ['limit', 'starting_after'] as const;
const OPERATIONS: { readonly [operation: string]: Operation } = {
  'POST /v1/customers': operation(createCustomer, ['name', 'email', 'metadata', 'payment_method', 'invoice_settings']),
  'GET /v1/customers/:id': operation(retrieveCustomer, []),
  'POST /v1/customers/:id': operation(updateCustomer, ['name', 'email', 'metadata', 'invoice_settings']),
  'POST /v1/payment_methods/:id/attach': operation(attachPaymentMethod, ['customer']),
  'POST /v1/invoices': operation(createInvoice, [
    'customer',
    'currency',
    'number',
    'description',
    'metadata',
    'auto_advance',
    'collection_method',
    'pending_invoice_items_behavior',
  ]),
  'GET /v1/invoices': operation(listInvoices, [...PAGE, 'customer', 'status', 'created']),
  'GET /v1/invoices/:id': operation(retrieveInvoice, []),
  'POST /v1/invoices/:id/finalize': operation(finalizeInvoice, ['auto_advance']),
  'POST /v1/invoices/:id/pay': operation(payInvoice, ['payment_method', 'off_session', 'paid_out_of_band']),
  'POST /v1/invoices/:id/void': operation(voidInvoice, []),
  'POST /v1/invoices/:id/mark_uncollectible': operation(markUncollectible, []),
  'POST /v1/invoiceitems': operation(createInvoiceItem, ['customer', 'invoice', 'amount', 'currency', 'description', 'metadata', 'period']),
  'GET /v1/invoiceitems': operation(listInvoiceItems, [...PAGE, 'invoice']),
  'GET /v1/invoice_payments': operation(listInvoicePayments, [...PAGE, 'invoice', 'payment', 'status']),
  'POST /v1/payment_methods/:id/detach': operation(detachPaymentMethod, []),
  'POST /v1/payment_intents': operation(createPaymentIntent, [
    'amount',
    'currency',
    'customer',
    'payment_method',
    'confirm',
    'off_session',
    'return_url',
    'description',
    'metadata',
  ]),
  'GET /v1/payment_intents': operation(listPaymentIntents, [...PAGE, 'customer', 'created']),
  'GET /v1/payment_intents/:id': operation(retrievePaymentIntent, []),
  'POST /v1/payment_intents/:id/confirm': operation(confirmPaymentIntent, ['payment_method', 'off_session', 'return_url']),
  'POST /v1/payment_intents/:id/cancel': operation(cancelPaymentIntent, []),
  'GET /v1/charges/:id': operation(retrieveCharge, []),
  'POST /v1/refunds': operation(createRefund, ['payment_intent', 'amount', 'metadata']),
  'GET /v1/refunds': operation(listRefunds, [...PAGE, 'payment_intent', 'created']),
  'GET /v1/refunds/:id': operation(retrieveRefund, []),
  'GET /v1/disputes/:id': operation(retrieveDispute, []),
  'POST /v1/credit_notes': operation(createCreditNote, ['invoice', 'amount', 'memo', 'metadata']),
  'GET /v1/credit_notes': operation(listCreditNotes, [...PAGE, 'invoice']),
  'GET /v1/credit_notes/:id': operation(retrieveCreditNote, []),
  'POST /v1/credit_notes/:id/void': operation(voidCreditNote, []),
  'GET /v1/events': operation(listEvents, [...PAGE, 'type']),
};

/** `POST /v1/invoices/in_1/pay` → the operation and `in_1`. */
const match = (method: string, path: string): { name: string; id: string } => {
  const [, , resource, id = '', ...rest] = path.split('/');
  return { name: `${method} /v1/${[resource, ...(id && [':id']), ...rest].join('/')}`, id };
};

/**
 * Runs one request. What Stripe allows and the emulator does not do is refused rather than ignored.
 * @throws StripeFault
 */
export const runOperation = (account: Account, method: string, path: string, params: Params): object => {
  const { name, id } = match(method, path);
  checkRequest(name, params);
  const found = OPERATIONS[name];
  if (!found) throw new Error(`${name} is in the contract but not emulated`);
  const ignored = Object.keys(params).find((param) => !found.takes.includes(param));
  if (ignored) throw invalid(`The Stripe emulator does not emulate ${ignored}`, ignored, 'emulator_unsupported');
  return found.run(account, params, id);
};
