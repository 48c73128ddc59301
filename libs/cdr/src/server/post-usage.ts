import { hash } from 'node:crypto';
import { charge } from '@trunkline/ledger';
import { post } from '@trunkline/ledger/server';
import type { Tx } from '@trunkline/platform';
import { sumUsage } from '../core/sum-usage.ts';
import type { ChargedCall } from '../core/sum-usage.ts';

/**
 * Charges calls: one posting per tenant, direction, month of answer and currency. That calls are charged once rests on who calls this:
 * only for rows that its own transaction inserted or turned to rated. The reference, a hash of the ids, lets the books refuse a repeat too.
 */
export const postUsage = async (tx: Tx, calls: readonly ChargedCall[], at: Date): Promise<void> => {
  const postings = sumUsage(calls).map(({ ids, kind, amountNanos, count, seconds, tenantId, currency, month }) => {
    const reference = hash('sha256', ids.join(','), 'hex').slice(0, 40);
    return charge(kind, { tenantId, currency, month, postedAt: at, reference }, amountNanos, { count, seconds });
  });
  await post(tx, postings);
};
