import { find } from './account.ts';
import type { Account, AccountState, Dispute, Invoice, PaymentIntent, TestCard } from './account.ts';
import { attachPaymentMethod, updateCustomer } from './customers.ts';
import { closeDispute, openDispute } from './disputes.ts';
import { payInvoice, retrieveInvoice, settleBy } from './invoices.ts';
import { succeed } from './payment-intents.ts';
import { invalid } from './stripe-fault.ts';

/** What a test may do beside the API: what customers, their banks and Stripe itself do. */
export type Controls = {
  /** Attaches the card and makes it the customer's default. */
  setCard(customerId: string, card: TestCard): void;
  /** The bank declines the customer's default card from now on, e.g. as `stolen_card`. */
  declineCard(customerId: string, declineCode: string): void;
  /** Pays as the customer would on Stripe's page: with a card that works. */
  payInvoice(invoiceId: string): Invoice;
  /** The cardholder confirms a payment that waits for it. */
  confirmPayment(paymentIntentId: string): PaymentIntent;
  /** The cardholder disputes a payment, or only inquires. */
  openDispute(paymentIntentId: string, status?: 'needs_response' | 'warning_needs_response'): Dispute;
  closeDispute(disputeId: string, status: 'won' | 'lost'): Dispute;
  /** Tells of an object as it is, e.g. `invoice.overdue`, which comes by itself at Stripe. */
  announce(type: string, objectId: string): void;
  /** What the account holds. */
  state(): AccountState;
};

const anyObject = ({ state }: Account, id: string): object => {
  const tables = [
    state.invoices,
    state.customers,
    state.paymentMethods,
    state.paymentIntents,
    state.charges,
    state.disputes,
    state.creditNotes,
  ];
  const found = tables.find((table) => Object.hasOwn(table, id))?.[id];
  if (!found) throw invalid(`No such object: ${id}`);
  return found;
};

export const controlsOf = (account: Account, save: () => void): Controls => {
  const { state } = account;
  const saved =
    <A extends unknown[], R>(act: (...args: A) => R) =>
    (...args: A): R => {
      const result = act(...args);
      save();
      return result;
    };
  const setCard = (customerId: string, card: TestCard): void => {
    const { id } = attachPaymentMethod(account, { customer: customerId }, card);
    updateCustomer(account, { invoice_settings: { default_payment_method: id } }, customerId);
  };
  return {
    setCard: saved(setCard),
    declineCard: saved((customerId, declineCode) => {
      const { default_payment_method: id } = find(state.customers, 'customer', customerId).invoice_settings;
      find(state.paymentMethods, 'PaymentMethod', id ?? '').decline_code = declineCode;
    }),
    payInvoice: saved((invoiceId) => {
      setCard(retrieveInvoice(account, {}, invoiceId).customer, 'pm_card_visa');
      return payInvoice(account, {}, invoiceId);
    }),
    confirmPayment: saved((id) => {
      const intent = find(state.paymentIntents, 'payment_intent', id);
      if (intent.status !== 'requires_action') throw invalid(`The payment is ${intent.status}`);
      succeed(account, intent);
      settleBy(account, intent);
      return intent;
    }),
    openDispute: saved((id, status = 'needs_response') => {
      const { latest_charge: charge } = find(state.paymentIntents, 'payment_intent', id);
      return openDispute(account, find(state.charges, 'charge', charge ?? ''), status);
    }),
    closeDispute: saved((id, status) => closeDispute(account, id, status)),
    announce: (type, objectId) => account.emit(type, anyObject(account, objectId)),
    state: () => state,
  };
};
