import { id, orNull, text } from './event-fields.ts';
import type { EventDefinitions } from './event-fields.ts';

const tenant = { tenantId: id('tenant') };
const invoice = { invoiceId: id('invoice') };
const creditNote = { creditNoteId: id('creditNote'), ...invoice };
const topUp = { topUpId: id('topUp') };
const refund = { refundId: id('refund') };
const dispute = { disputeId: id('dispute'), invoiceId: orNull(id('invoice')), topUpId: orNull(id('topUp')) };

/** Of invoices, money and how it is paid. */
export const billingEvents = {
  'invoice.issued': { summary: 'A month was closed into an invoice', data: invoice },
  'invoice.paid': { summary: 'An invoice was paid', data: invoice },
  'invoice.payment_failed': { summary: 'A payment of an invoice failed', data: invoice },
  'invoice.void': { summary: 'An invoice is void', data: invoice },
  'invoice.uncollectible': { summary: 'Nobody expects the money of an invoice any more', data: invoice },
  'credit_note.issued': { summary: 'A credit note takes back a part of an invoice', data: creditNote },
  'credit_note.voided': { summary: 'A credit note was taken back: its amount is owed again', data: creditNote },
  'balance.low': { summary: 'A prepaid balance has come down to its mark, or is used up', data: tenant },
  'billing_mode.changed': { summary: 'Calls are paid ahead from now on, or after the month', data: { mode: text('prepaid') } },
  'auto_top_up.changed': { summary: 'The settings of automatic top-ups changed', data: {} },
  'top_up.succeeded': { summary: 'A top-up was paid and is on the balance', data: topUp },
  'top_up.failed': { summary: 'The card of a top-up was declined', data: topUp },
  'top_up.requires_action': { summary: 'The bank wants the card holder to confirm a top-up', data: topUp },
  'refund.succeeded': { summary: 'Money went back', data: refund },
  'refund.failed': { summary: 'Money could not be sent back', data: refund },
  'dispute.inquiry': { summary: 'A bank asks about a payment; nothing is taken yet', data: dispute },
  'dispute.open': { summary: 'The card holder disputes a payment', data: dispute },
  'dispute.won': { summary: 'A dispute was decided for us: the money is back', data: dispute },
  'dispute.lost': { summary: 'A dispute was decided against us', data: dispute },
  'payment_method.changed': { summary: 'Another payment method is charged', data: {} },
} as const satisfies EventDefinitions;
