import type { Period } from '@trunkline/kernel';
import type { ChargeKind } from '@trunkline/ledger';
import { recurringFee } from '@trunkline/rating';
import type { RecurringItem, RecurringKind } from '@trunkline/rating';
import type { FeeTotal, InvoiceCharges, UsageTotal } from './invoice.ts';

/** What postings of one kind add up to. `count` are calls, channels or numbers; `seconds` are billed seconds of calls. */
export type ChargeTotal = { readonly kind: ChargeKind; readonly count: number; readonly seconds: bigint; readonly amountNanos: bigint };

export type ResourceItem = RecurringItem & { readonly resourceId: string };
/** What one trunk or number costs in a month. `quantity` is what it had last. */
export type ResourceFee = FeeTotal & { readonly resourceId: string };

/**
 * What each resource costs in the month: its items, one after the other, added up. What costs nothing is left out.
 * @param items in the order of their beginnings
 */
export const resourceFees = (items: readonly ResourceItem[], month: Period): ResourceFee[] => {
  const fees = new Map<string, ResourceFee>();
  const began = new Map<string, number>();
  for (const item of items) {
    const fee = recurringFee(item, month);
    if (!fee) continue;
    const { resourceId, kind, quantity } = item;
    const before = fees.get(resourceId);
    const atOnce = before && began.get(resourceId) === item.from.getTime() ? before.quantity : 0; // of another price step
    began.set(resourceId, item.from.getTime());
    fees.set(resourceId, { resourceId, kind, quantity: quantity + atOnce, amountNanos: (before?.amountNanos ?? 0n) + fee.amountNanos });
  }
  return [...fees.values()].filter((fee) => fee.amountNanos !== 0n);
};

/** Fees as the postings that the close of the month will make of them. */
export const totalsOfFees = (fees: readonly ResourceFee[]): ChargeTotal[] =>
  fees.map(({ kind, quantity, amountNanos }) => ({ kind: `recurring_${kind}`, count: quantity, seconds: 0n, amountNanos }));

/** Sorts totals into what an invoice is written from; totals of one kind are added up. */
export const invoiceCharges = (totals: readonly ChargeTotal[]): InvoiceCharges => {
  const of = (wanted: ChargeKind): ChargeTotal[] => totals.filter(({ kind }) => kind === wanted);
  const sum = (values: readonly bigint[]) => values.reduce((a, b) => a + b, 0n);
  const fee = (type: 'recurring' | 'setup', kind: RecurringKind): FeeTotal => ({
    kind,
    quantity: of(`${type}_${kind}`).reduce((n, t) => n + t.count, 0),
    amountNanos: sum(of(`${type}_${kind}`).map((t) => t.amountNanos)),
  });
  const usage = (category: UsageTotal['category']): UsageTotal => ({
    category,
    calls: of(`usage_${category}`).reduce((n, t) => n + t.count, 0),
    billedSeconds: sum(of(`usage_${category}`).map((t) => t.seconds)),
    amountNanos: sum(of(`usage_${category}`).map((t) => t.amountNanos)),
  });
  const fees = (type: 'recurring' | 'setup') => [fee(type, 'channel'), fee(type, 'number')];
  return { usage: [usage('outbound'), usage('inbound'), usage('metered')], recurring: fees('recurring'), setup: fees('setup') };
};
