import fc from 'fast-check';
import { unsoundness } from '@trunkline/kernel';
import { INVOICE_TRANSITIONS, afterProviderNews } from './invoice-state.ts';
import type { InvoiceState } from './invoice-state.ts';

describe('the states of an invoice', () => {
  it('are sound', () => expect(unsoundness(INVOICE_TRANSITIONS, 'open')).toEqual([]));

  it('end alike however often and in whatever order the news come', () => {
    const news: InvoiceState[] = ['open', 'payment_failed', 'payment_failed', 'paid', 'paid', 'open'];
    fc.assert(
      fc.property(fc.shuffledSubarray(news, { minLength: news.length }), (order) => {
        expect(order.reduce<InvoiceState>(afterProviderNews, 'open')).toBe('paid');
      }),
    );
  });

  it('never reopen', () => expect(afterProviderNews('payment_failed', 'open')).toBe('payment_failed'));
});
