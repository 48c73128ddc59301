import { fromMinor, moneyToWire, toPublicId } from '@trunkline/kernel';
import { idOut, moneyOut, timestampOut } from '@trunkline/platform';
import { z } from 'zod';
import { dueMinor, isSettled } from '../core/invoice-state.ts';
import type { InvoiceLine } from '../core/invoice.ts';
import type { InvoiceSummary, IssuedInvoice } from './invoice-queries.ts';
import type { Upcoming } from './upcoming-invoice.ts';

const line = {
  category: z.string().meta({ example: 'usage.outbound' }),
  description: z.string(),
  quantity: z.string().meta({ example: '3 calls, 180 s' }),
  exact: moneyOut.describe('To the nano (10⁻⁹)'),
  amount: moneyOut.describe('Rounded once to minor units, half away from zero'),
};
const invoiceLineOut = z.strictObject({ id: idOut('invoiceLine'), position: z.int(), ...line }).meta({ id: 'InvoiceLine' });

const summary = {
  id: idOut('invoice'),
  object: z.literal('invoice'),
  number: z.string().meta({ example: 'INV-202611-000042' }),
  state: z.enum(['open', 'payment_failed', 'uncollectible', 'paid', 'void']),
  currency: z.string(),
  period_from: timestampOut(),
  period_to: timestampOut().describe('Not part of the period'),
  total: moneyOut,
  from_balance: moneyOut.describe('What the balance paid as it was issued'),
  credited: moneyOut.describe('What credit notes took back'),
  amount_due: moneyOut.describe('What is still to be collected'),
  attempts: z.int().describe('Scheduled attempts to collect it so far'),
  next_attempt_at: timestampOut().nullable().describe('Null: it is not tried again by itself'),
  decline_code: z.string().nullable().describe('Why the last attempt was refused').meta({ example: 'insufficient_funds' }),
  payment_url: z.string().nullable().describe('Where the customer may pay, or confirm a payment'),
  issued_at: timestampOut(),
  due_at: timestampOut(),
  paid_at: timestampOut().nullable(),
};
export const invoiceSummaryOut = z.strictObject(summary).meta({ id: 'InvoiceSummary' });
export const invoiceOut = z.strictObject({ ...summary, lines: z.array(invoiceLineOut) }).meta({ id: 'Invoice' });

export const upcomingOut = z
  .strictObject({
    object: z.literal('upcoming_invoice'),
    currency: z.string(),
    period_from: timestampOut(),
    period_to: timestampOut().describe('Not part of the period'),
    lines: z.array(z.strictObject(line).meta({ id: 'UpcomingInvoiceLine' })),
    exact_total: moneyOut,
    total: moneyOut,
    from_balance: moneyOut.describe('What the balance will pay'),
    amount_due: moneyOut.describe('What will be collected'),
  })
  .meta({ id: 'UpcomingInvoice' });

export const minorToWire = (minor: bigint, currency: string) => moneyToWire(fromMinor(minor, currency), currency);

const lineToWire = (l: InvoiceLine, currency: string) => ({
  category: l.category,
  description: l.description,
  quantity: l.quantity,
  exact: moneyToWire(l.exactNanos, currency),
  amount: minorToWire(l.amountMinor, currency),
});

export const summaryToWire = (i: InvoiceSummary): z.infer<typeof invoiceSummaryOut> => ({
  id: toPublicId('invoice', i.id),
  object: 'invoice',
  number: i.number,
  state: i.state,
  currency: i.currency,
  period_from: i.periodFrom.toISOString(),
  period_to: i.periodTo.toISOString(),
  total: minorToWire(i.totalMinor, i.currency),
  from_balance: minorToWire(i.fromBalanceMinor, i.currency),
  credited: minorToWire(i.creditedMinor, i.currency),
  amount_due: minorToWire(dueMinor(i), i.currency),
  attempts: i.attempts,
  next_attempt_at: i.nextAttemptAt?.toISOString() ?? null,
  decline_code: isSettled(i.state) ? null : i.declineCode,
  payment_url: isSettled(i.state) ? null : i.hostedUrl,
  issued_at: i.issuedAt.toISOString(),
  due_at: i.dueAt.toISOString(),
  paid_at: i.paidAt?.toISOString() ?? null,
});

export const invoiceToWire = (i: IssuedInvoice): z.infer<typeof invoiceOut> => ({
  ...summaryToWire(i),
  lines: i.lines.map((l) => ({ id: toPublicId('invoiceLine', l.id), position: l.position, ...lineToWire(l, i.currency) })),
});

export const upcomingToWire = ({
  currency,
  period,
  lines,
  totalMinor,
  residueNanos,
  fromBalanceMinor,
}: Upcoming): z.infer<typeof upcomingOut> => {
  const total = fromMinor(totalMinor, currency);
  return {
    object: 'upcoming_invoice',
    currency,
    period_from: period.from.toISOString(),
    period_to: period.to.toISOString(),
    lines: lines.map((l) => lineToWire(l, currency)),
    exact_total: moneyToWire(total - residueNanos, currency),
    total: moneyToWire(total, currency),
    from_balance: minorToWire(fromBalanceMinor, currency),
    amount_due: minorToWire(totalMinor - fromBalanceMinor, currency),
  };
};
