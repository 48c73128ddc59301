import { Inject, Injectable } from '@nestjs/common';
import { LedgerGraphql, LedgerQueries } from '@trunkline/ledger/server';
import { GRAPH, LiveEvents, addSubscription, changeType, scoped } from '@trunkline/platform';
import type { Graph, LiveEvent } from '@trunkline/platform';
import { BillingGraphql } from './billing.graphql.ts';
import { InvoiceQueries } from './invoice-queries.ts';

const access = scoped('billing:read');
const invoiceOf = ({ data }: LiveEvent): string => String(data['invoiceId']);

/** Invoices and the balance as they move. */
@Injectable()
export class BillingEventsGraphql {
  constructor(
    @Inject(GRAPH) graph: Graph,
    live: LiveEvents,
    { invoice: type }: BillingGraphql,
    invoices: InvoiceQueries,
    { balance }: LedgerGraphql,
    ledger: LedgerQueries,
  ) {
    const find = async (ctx: ReturnType<typeof access.contextOf>, id: string) => invoices.byId(ctx, ctx.tenantId, id);
    addSubscription(graph, live, 'invoiceChanged', access, {
      type: changeType(graph, 'invoice', { type, kind: 'invoice', find: (reach, id) => find(access.contextOf(reach), id) }),
      description: 'An invoice was issued, paid, not paid, credited, voided or given up',
      events: ['invoice.issued', 'invoice.paid', 'invoice.payment_failed', 'invoice.void', 'invoice.uncollectible', 'credit_note.issued'],
      only: { arg: 'id', kind: 'invoice', of: invoiceOf },
      tell: (_, event) => ({ event, uuid: invoiceOf(event) }),
    });
    addSubscription(graph, live, 'balanceMoved', access, {
      type: balance,
      description: 'The balance, when it has come low and after each payment; what calls cost moves it without an event',
      events: ['balance.low', 'top_up.succeeded', 'invoice.issued', 'invoice.paid', 'credit_note.issued', 'refund.succeeded'],
      tell: (ctx) => ledger.balance(ctx),
    });
  }
}
