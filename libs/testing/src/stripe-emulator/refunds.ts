import type Stripe from 'stripe';
import { find, listOf, madeIn, newStripeId } from './account.ts';
import type { Account, Refund } from './account.ts';
import { checkMetadata } from './metadata.ts';
import { invalid } from './stripe-fault.ts';

/** Gives back a part of a payment, or what is left of it. */
export const createRefund = (account: Account, params: Stripe.RefundCreateParams): Refund => {
  const intent = find(account.state.paymentIntents, 'payment_intent', params.payment_intent ?? '', 'payment_intent');
  const charge = account.state.charges[intent.latest_charge ?? ''];
  if (intent.status !== 'succeeded' || !charge) throw invalid('The payment has no successful charge to refund', 'payment_intent');
  const left = charge.amount - charge.amount_refunded;
  const { amount = left } = params;
  if (left === 0) throw invalid('The charge is refunded already', 'payment_intent', 'charge_already_refunded');
  if (!Number.isSafeInteger(amount) || amount <= 0 || amount > left)
    throw invalid(`Refund amount (${amount}) is greater than unrefunded amount on charge (${left})`, 'amount');
  const refund: Refund = {
    id: newStripeId('re'),
    object: 'refund',
    amount,
    currency: charge.currency,
    charge: charge.id,
    payment_intent: intent.id,
    created: account.now(),
    metadata: checkMetadata(params.metadata),
    status: 'succeeded',
  };
  account.state.refunds[refund.id] = refund;
  charge.amount_refunded += amount;
  charge.refunded = charge.amount_refunded === charge.amount;
  account.emit('refund.created', refund);
  account.emit('charge.refunded', charge);
  return refund;
};

export const retrieveRefund = (account: Account, _: object, id: string): Refund => find(account.state.refunds, 'refund', id);

export const listRefunds = (account: Account, { payment_intent, created, ...page }: Stripe.RefundListParams): object => {
  const wanted = (refund: Refund) => (payment_intent ?? refund.payment_intent) === refund.payment_intent && madeIn(refund.created, created);
  return listOf('/v1/refunds', Object.values(account.state.refunds).filter(wanted), page);
};
