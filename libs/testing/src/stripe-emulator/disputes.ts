import { find, newStripeId } from './account.ts';
import type { Account, Charge, Dispute } from './account.ts';

/** The cardholder goes to the bank: Stripe withdraws the money, unless it is only an inquiry. */
export const openDispute = (account: Account, charge: Charge, status: 'needs_response' | 'warning_needs_response'): Dispute => {
  const dispute: Dispute = {
    id: newStripeId('dp'),
    object: 'dispute',
    amount: charge.amount,
    currency: charge.currency,
    charge: charge.id,
    payment_intent: charge.payment_intent,
    created: account.now(),
    reason: 'fraudulent',
    status,
    livemode: false,
  };
  account.state.disputes[dispute.id] = dispute;
  charge.disputed = true;
  account.emit('charge.dispute.created', dispute);
  return dispute;
};

export const closeDispute = (account: Account, id: string, status: 'won' | 'lost'): Dispute => {
  const dispute = find(account.state.disputes, 'dispute', id);
  dispute.status = status;
  account.emit('charge.dispute.closed', dispute);
  return dispute;
};

export const retrieveDispute = (account: Account, _: object, id: string): Dispute => find(account.state.disputes, 'dispute', id);
