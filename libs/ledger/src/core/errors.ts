import { defineErrors } from '@trunkline/kernel';

export const ledgerErrors = defineErrors({
  amountNotPositive: { code: 'ledger.amount_not_positive', kind: 'invalid', title: 'An amount to post must be more than zero' },
  balanceTooLow: { code: 'ledger.balance_too_low', kind: 'payment_required', title: 'The balance does not cover this; top it up first' },
});
