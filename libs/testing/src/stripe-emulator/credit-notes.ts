import type Stripe from 'stripe';
import { find, listOf, newStripeId } from './account.ts';
import type { Account, CreditNote } from './account.ts';
import { settle } from './invoices.ts';
import { checkMetadata } from './metadata.ts';
import { invalid } from './stripe-fault.ts';

/** Takes something off an open invoice; when nothing is left of it, it is paid. Credit notes on paid invoices are not emulated. */
export const createCreditNote = (account: Account, params: Stripe.CreditNoteCreateParams): CreditNote => {
  const invoice = find(account.state.invoices, 'invoice', params.invoice, 'invoice');
  if (invoice.status !== 'open') throw invalid(`The Stripe emulator credits open invoices; this one is ${invoice.status}`, 'invoice');
  const { amount = 0 } = params;
  if (!Number.isSafeInteger(amount) || amount <= 0 || amount > invoice.amount_remaining)
    throw invalid(`The credit note's amount is more than what is left of the invoice (${invoice.amount_remaining})`, 'amount');
  const siblings = Object.values(account.state.creditNotes).filter((note) => note.invoice === invoice.id);
  const note: CreditNote = {
    id: newStripeId('cn'),
    object: 'credit_note',
    number: `${invoice.number}-CN-${String(siblings.length + 1).padStart(2, '0')}`,
    amount,
    total: amount,
    pre_payment_amount: amount,
    post_payment_amount: 0,
    currency: invoice.currency,
    customer: invoice.customer,
    invoice: invoice.id,
    created: account.now(),
    memo: params.memo ?? null,
    metadata: checkMetadata(params.metadata),
    status: 'issued',
    type: 'pre_payment',
    livemode: false,
  };
  account.state.creditNotes[note.id] = note;
  take(account, note, amount);
  account.emit('credit_note.created', note);
  if (invoice.amount_remaining === 0) settle(account, invoice);
  return note;
};

const take = (account: Account, note: CreditNote, amount: number): void => {
  const invoice = find(account.state.invoices, 'invoice', note.invoice);
  invoice.pre_payment_credit_notes_amount += amount;
  invoice.amount_due -= amount;
  invoice.amount_remaining -= amount;
};

export const voidCreditNote = (account: Account, _: object, id: string): CreditNote => {
  const note = find(account.state.creditNotes, 'credit_note', id);
  if (note.status === 'void') throw invalid('The credit note is void', 'id');
  if (find(account.state.invoices, 'invoice', note.invoice).status !== 'open') throw invalid('The invoice is not open any more', 'id');
  note.status = 'void';
  take(account, note, -note.amount);
  account.emit('credit_note.voided', note);
  return note;
};

export const retrieveCreditNote = (account: Account, _: object, id: string): CreditNote =>
  find(account.state.creditNotes, 'credit_note', id);

export const listCreditNotes = (account: Account, { invoice, ...page }: Stripe.CreditNoteListParams): object =>
  listOf(
    '/v1/credit_notes',
    Object.values(account.state.creditNotes).filter((note) => (invoice ?? note.invoice) === note.invoice),
    page,
  );
