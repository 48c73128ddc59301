import { fromMinor, nanosPerMinor, toMinor } from '@trunkline/kernel';
import type { Currency, Period } from '@trunkline/kernel';
import type { RecurringKind } from '@trunkline/rating';
import type { BillingMode } from './prepaid.ts';

/** Calls of one direction in the period, or what metered channels carried of them: paid by the minute, or (no seconds) by channels. */
export type UsageTotal = {
  readonly category: 'outbound' | 'inbound' | 'metered';
  readonly calls: number;
  readonly billedSeconds: bigint;
  readonly amountNanos: bigint;
};
/** Monthly or setup fees of one kind of unit in the period; `quantity` counts the units, not the months. */
export type FeeTotal = { readonly kind: RecurringKind; readonly quantity: number; readonly amountNanos: bigint };

/** What a month was charged, exactly. */
export type InvoiceCharges = {
  readonly usage: readonly UsageTotal[];
  readonly recurring: readonly FeeTotal[];
  readonly setup: readonly FeeTotal[];
};

/** `category` is unique on an invoice, e.g. `usage.outbound`, `recurring.channel`. `amountMinor` is the exact amount rounded once. */
export type InvoiceLine = {
  readonly id: string;
  readonly position: number;
  readonly category: string;
  readonly description: string;
  readonly quantity: string;
  readonly exactNanos: bigint;
  readonly amountMinor: bigint;
};

export type InvoiceHead = {
  readonly id: string;
  readonly tenantId: string;
  readonly number: string;
  readonly currency: Currency;
  readonly period: Period;
  readonly issuedAt: Date;
  readonly dueAt: Date;
};

/** Never changes once issued. `residueNanos` is what rounding added: Σ lines = Σ exact + residue, and it is posted as such. */
export type Invoice = InvoiceHead & { readonly lines: readonly InvoiceLine[]; readonly totalMinor: bigint; readonly residueNanos: bigint };

/** `INV-202611-000042`: the month billed and the position in it, counted over all tenants (Stripe wants numbers unique per account). */
export const invoiceNumber = (period: Period, sequence: number): string =>
  `INV-${period.from.toISOString().slice(0, 7).replace('-', '')}-${String(sequence).padStart(6, '0')}`;

const UNITS = { channel: 'Channels', number: 'Numbers' } as const;
const USAGE = { outbound: 'Outbound calls', inbound: 'Inbound calls', metered: 'Metered channels' } as const;
type Charge = Pick<InvoiceLine, 'category' | 'description' | 'quantity' | 'exactNanos'>;

const usageLine = ({ category, calls, billedSeconds, amountNanos }: UsageTotal): Charge => ({
  category: `usage.${category}`,
  description: USAGE[category],
  quantity: category === 'metered' && billedSeconds === 0n ? `${calls} channels` : `${calls} calls, ${billedSeconds} s`,
  exactNanos: amountNanos,
});
const feeLine =
  (type: 'recurring' | 'setup', suffix: string) =>
  ({ kind, quantity, amountNanos }: FeeTotal): Charge => ({
    category: `${type}.${kind}`,
    description: `${UNITS[kind]}, ${suffix}`,
    quantity: String(quantity),
    exactNanos: amountNanos,
  });

/**
 * Writes the invoice of a closed month: one line a category, what costs nothing left out, each line rounded once to minor units.
 * @param newLineId gives an id to each line
 */
export const buildInvoice = (head: InvoiceHead, charges: InvoiceCharges, newLineId: () => string): Invoice => {
  const { currency } = head;
  const lines = [
    ...charges.recurring.map(feeLine('recurring', 'monthly')),
    ...charges.setup.map(feeLine('setup', 'setup')),
    ...charges.usage.map(usageLine),
  ]
    .filter((charge) => charge.exactNanos !== 0n)
    .map((charge, i): InvoiceLine => ({ id: newLineId(), position: i + 1, ...charge, amountMinor: toMinor(charge.exactNanos, currency) }));
  const totalMinor = lines.reduce((sum, line) => sum + line.amountMinor, 0n);
  const exactNanos = lines.reduce((sum, line) => sum + line.exactNanos, 0n);
  return { ...head, lines, totalMinor, residueNanos: fromMinor(totalMinor, currency) - exactNanos };
};

/**
 * What of an invoice the balance pays: all of it when the tenant pays beforehand, else what it has to its credit, in whole minor units.
 * @param creditNanos what it has paid beyond everything it was charged, this invoice's charges among them
 */
export const paidFromBalance = (
  { totalMinor, currency }: Pick<Invoice, 'totalMinor' | 'currency'>,
  { mode, creditNanos }: { readonly mode: BillingMode; readonly creditNanos: bigint },
): bigint => {
  if (mode === 'prepaid') return totalMinor;
  const credit = creditNanos > 0n ? creditNanos / nanosPerMinor(currency) : 0n;
  return credit < totalMinor ? credit : totalMinor;
};
