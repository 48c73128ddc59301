import type Stripe from 'stripe';
import { find, listOf, madeIn, newStripeId } from './account.ts';
import type { Account, Charge, PaymentIntent, PaymentMethod } from './account.ts';
import { openDispute } from './disputes.ts';
import { checkMetadata } from './metadata.ts';
import { StripeFault, declined, invalid, unconfirmed } from './stripe-fault.ts';

export type NewIntent = Pick<PaymentIntent, 'amount' | 'currency' | 'customer'> & {
  readonly metadata?: Stripe.Metadata;
  readonly description?: string | null;
};

export const newIntent = (
  account: Account,
  { amount, currency, customer, metadata = {}, description = null }: NewIntent,
): PaymentIntent => {
  if (!Number.isSafeInteger(amount) || amount <= 0)
    throw invalid(`Invalid positive integer: ${amount}`, 'amount', 'parameter_invalid_integer');
  const intent: PaymentIntent = {
    id: newStripeId('pi'),
    object: 'payment_intent',
    amount,
    amount_received: 0,
    currency,
    customer,
    created: account.now(),
    description,
    metadata,
    livemode: false,
    payment_method: null,
    latest_charge: null,
    status: 'requires_payment_method',
    last_payment_error: null,
    next_action: null,
  };
  account.state.paymentIntents[intent.id] = intent;
  account.emit('payment_intent.created', intent);
  return intent;
};

const newCharge = (account: Account, intent: PaymentIntent, status: Charge['status']): Charge => {
  const paid = status === 'succeeded';
  const charge: Charge = {
    id: newStripeId('ch'),
    object: 'charge',
    amount: intent.amount,
    amount_refunded: 0,
    currency: intent.currency,
    customer: intent.customer,
    payment_intent: intent.id,
    created: account.now(),
    disputed: false,
    paid,
    refunded: false,
    status,
    livemode: false,
  };
  account.state.charges[charge.id] = charge;
  intent.latest_charge = charge.id;
  account.emit(paid ? 'charge.succeeded' : 'charge.failed', charge);
  return charge;
};

/** The money is there. Some test cards are disputed at once. */
export const succeed = (account: Account, intent: PaymentIntent): void => {
  const charge = newCharge(account, intent, 'succeeded');
  Object.assign(intent, { status: 'succeeded', amount_received: intent.amount, last_payment_error: null, next_action: null });
  account.emit('payment_intent.succeeded', intent);
  const card = account.state.paymentMethods[intent.payment_method ?? '']?.test_card;
  if (card === 'pm_card_createDispute') openDispute(account, charge, 'needs_response');
};

/** @throws StripeFault 402, always */
const fail = (account: Account, intent: PaymentIntent, fault: StripeFault, declineCode: string): never => {
  intent.status = 'requires_payment_method';
  intent.last_payment_error = { type: 'card_error', code: fault.code ?? '', decline_code: declineCode, message: fault.message };
  newCharge(account, intent, 'failed');
  account.emit('payment_intent.payment_failed', intent);
  throw fault;
};

/**
 * Tries to charge a card.
 * @param session whether the cardholder is there to confirm, and where to go afterwards
 * @returns the payment, succeeded or waiting for its holder
 * @throws StripeFault 402
 */
export const charge = (
  account: Account,
  intent: PaymentIntent,
  method: PaymentMethod,
  session: { readonly off: boolean; readonly returnUrl?: string | undefined },
): PaymentIntent => {
  intent.payment_method = method.id;
  if (method.decline_code) return fail(account, intent, declined(method.decline_code, intent), method.decline_code);
  if (method.test_card === 'pm_card_chargeCustomerFail')
    return fail(account, intent, declined('generic_decline', intent), 'generic_decline');
  if (method.test_card !== 'pm_card_authenticationRequired') {
    succeed(account, intent);
    return intent;
  }
  if (session.off) return fail(account, intent, unconfirmed('authentication_required', intent), 'authentication_required');
  intent.status = 'requires_action';
  if (session.returnUrl) {
    const url = `${account.url()}/redirect/authenticate/${intent.id}`;
    intent.next_action = { type: 'redirect_to_url', redirect_to_url: { url, return_url: session.returnUrl } };
  }
  account.emit('payment_intent.requires_action', intent);
  return intent;
};

const methodOf = (account: Account, customer: string, id: string | undefined): PaymentMethod => {
  const method = find(account.state.paymentMethods, 'PaymentMethod', id ?? '', 'payment_method');
  if (method.customer !== customer) throw invalid('The payment method belongs to another customer', 'payment_method');
  return method;
};

export const createPaymentIntent = (account: Account, params: Stripe.PaymentIntentCreateParams): PaymentIntent => {
  const customer = find(account.state.customers, 'customer', params.customer ?? '', 'customer');
  if (!params.confirm) throw invalid('The Stripe emulator takes payments that are confirmed at once', 'confirm', 'emulator_unsupported');
  const method = methodOf(account, customer.id, params.payment_method);
  const { amount, currency, description = null } = params;
  const intent = newIntent(account, { amount, currency, customer: customer.id, description, metadata: checkMetadata(params.metadata) });
  return charge(account, intent, method, { off: params.off_session === true, returnUrl: params.return_url });
};

export const confirmPaymentIntent = (account: Account, params: Stripe.PaymentIntentConfirmParams, id: string): PaymentIntent => {
  const intent = find(account.state.paymentIntents, 'payment_intent', id, 'intent');
  if (intent.status !== 'requires_payment_method')
    throw invalid(`The payment is ${intent.status}`, 'intent', 'payment_intent_unexpected_state');
  const method = methodOf(account, intent.customer, params.payment_method);
  return charge(account, intent, method, { off: params.off_session === true, returnUrl: params.return_url });
};

export const cancelPaymentIntent = (account: Account, _: object, id: string): PaymentIntent => {
  const intent = find(account.state.paymentIntents, 'payment_intent', id, 'intent');
  if (intent.status === 'succeeded' || intent.status === 'canceled')
    throw invalid(`The payment is ${intent.status}`, 'intent', 'payment_intent_unexpected_state');
  intent.status = 'canceled';
  intent.next_action = null;
  account.emit('payment_intent.canceled', intent);
  return intent;
};

export const retrievePaymentIntent = (account: Account, _: object, id: string): PaymentIntent =>
  find(account.state.paymentIntents, 'payment_intent', id, 'intent');

export const listPaymentIntents = (account: Account, { customer, created, ...page }: Stripe.PaymentIntentListParams): object => {
  const wanted = (intent: PaymentIntent) => (customer ?? intent.customer) === intent.customer && madeIn(intent.created, created);
  return listOf('/v1/payment_intents', Object.values(account.state.paymentIntents).filter(wanted), page);
};

export const retrieveCharge = (account: Account, _: object, id: string): Charge => find(account.state.charges, 'charge', id);
