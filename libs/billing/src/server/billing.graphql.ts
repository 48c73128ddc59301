import { Inject, Injectable } from '@nestjs/common';
import { fromMinor } from '@trunkline/kernel';
import type { Money } from '@trunkline/kernel';
import { GRAPH, connectionOf, objectOf, pageArgs, pageCost, pageOfArgs, uuidOf } from '@trunkline/platform';
import type { Graph, GraphObject } from '@trunkline/platform';
import { dueMinor, isSettled } from '../core/invoice-state.ts';
import type { InvoiceLine } from '../core/invoice.ts';
import { CreditNoteQueries } from './credit-note-queries.ts';
import { creditNoteOut, creditNoteToWire } from './credit-notes.http.ts';
import { InvoiceQueries } from './invoice-queries.ts';
import type { InvoiceSummary } from './invoice-queries.ts';
import { UpcomingInvoice } from './upcoming-invoice.ts';
import type { Upcoming } from './upcoming-invoice.ts';

const minor = (amountMinor: bigint, currency: string): Money => ({ nanos: fromMinor(amountMinor, currency), currency });

type Line = Omit<InvoiceLine, 'id'> & { readonly currency: string };

/** Invoices, and what the open month costs. */
@Injectable()
export class BillingGraphql {
  readonly invoice: GraphObject<InvoiceSummary>;

  constructor(
    @Inject(GRAPH) private readonly graph: Graph,
    private readonly queries: InvoiceQueries,
    private readonly creditNotes: CreditNoteQueries,
    private readonly upcoming: UpcomingInvoice,
  ) {
    const line = this.defineLine();
    this.invoice = this.defineInvoice(line);
    this.defineCreditNotes();
    this.defineQueries(this.invoice, this.defineUpcoming(line));
  }

  private defineQueries(invoice: GraphObject<InvoiceSummary>, upcoming: GraphObject<Upcoming>): void {
    const page = this.graph.connectionObject({ type: invoice, name: 'InvoiceConnection' });
    this.graph.queryFields((t) => ({
      invoices: t.field({
        type: page,
        nullable: true,
        description: 'Invoices, the newest first',
        args: pageArgs(t.arg),
        complexity: pageCost,
        resolve: async (_, args, { reach }) => connectionOf(await this.queries.list(reach.tenant('billing:read'), pageOfArgs(args))),
      }),
      invoice: t.field({
        type: invoice,
        nullable: true,
        args: { id: t.arg.id({ required: true }) },
        resolve: (_, { id }, { reach }) => {
          const ctx = reach.tenant('billing:read');
          return this.queries.byId(ctx, ctx.tenantId, uuidOf('invoice', id));
        },
      }),
      upcomingInvoice: t.field({
        type: upcoming,
        nullable: true,
        description: 'What the open month costs, as things stand now',
        resolve: (_, __, { reach }) => this.upcoming.execute(reach.tenant('billing:read')),
      }),
    }));
  }

  private defineInvoice(line: GraphObject<Line>): GraphObject<InvoiceSummary> {
    const invoice = this.graph.objectRef<InvoiceSummary>('Invoice');
    const state = this.graph.enumType('InvoiceState', { values: ['open', 'payment_failed', 'uncollectible', 'paid', 'void'] as const });
    this.graph.node(invoice, {
      id: { resolve: ({ id }) => id },
      loadOne: (id, { reach }) => {
        const ctx = reach.tenant('billing:read');
        return this.queries.byId(ctx, ctx.tenantId, id);
      },
      fields: (t) => ({
        number: t.exposeString('number'),
        currency: t.exposeString('currency'),
        state: t.expose('state', { type: state }),
        periodFrom: t.expose('periodFrom', { type: 'DateTime' }),
        periodTo: t.expose('periodTo', { type: 'DateTime', description: 'Not part of the period' }),
        total: t.field({ type: 'Money', resolve: (i) => minor(i.totalMinor, i.currency) }),
        fromBalance: t.field({
          type: 'Money',
          description: 'What the balance paid as it was issued',
          resolve: (i) => minor(i.fromBalanceMinor, i.currency),
        }),
        credited: t.field({
          type: 'Money',
          description: 'What credit notes took back',
          resolve: (i) => minor(i.creditedMinor, i.currency),
        }),
        amountDue: t.field({ type: 'Money', description: 'What is still to be collected', resolve: (i) => minor(dueMinor(i), i.currency) }),
        attempts: t.exposeInt('attempts', { description: 'Scheduled attempts to collect it so far' }),
        nextAttemptAt: t.expose('nextAttemptAt', { type: 'DateTime', nullable: true }),
        declineCode: t.string({
          nullable: true,
          description: 'Why the last attempt was refused',
          resolve: (i) => (isSettled(i.state) ? null : i.declineCode),
        }),
        paymentUrl: t.string({
          nullable: true,
          description: 'Where the customer may pay, or confirm a payment',
          resolve: (i) => (isSettled(i.state) ? null : i.hostedUrl),
        }),
        issuedAt: t.expose('issuedAt', { type: 'DateTime' }),
        dueAt: t.expose('dueAt', { type: 'DateTime' }),
        paidAt: t.expose('paidAt', { type: 'DateTime', nullable: true }),
        lines: t.loadableList({
          type: line,
          load: async (invoices: InvoiceSummary[], { reach }) => {
            const lines = await this.queries.linesOf(
              reach.tenant('billing:read'),
              invoices.map(({ id }) => id),
            );
            return invoices.map(({ id, currency }) => (lines.get(id) ?? []).map((l) => ({ ...l, currency })));
          },
          resolve: (invoice) => invoice,
        }),
      }),
    });
    return invoice;
  }

  private defineCreditNotes(): void {
    const type = objectOf(this.graph, creditNoteOut);
    this.graph.objectField(this.invoice, 'creditNotes', (t) =>
      t.loadableList({
        type,
        description: 'What took back a part of it, in the order of their numbers',
        load: async (ids: string[], { reach }) => {
          const notes = await this.creditNotes.ofInvoices(reach.tenant('billing:read'), ids);
          return ids.map((id) => (notes.get(id) ?? []).map(creditNoteToWire));
        },
        resolve: ({ id }) => id,
      }),
    );
  }

  private defineLine(): GraphObject<Line> {
    return this.graph.objectRef<Line>('InvoiceLine').implement({
      fields: (t) => ({
        position: t.exposeInt('position'),
        category: t.exposeString('category', { description: 'Unique on an invoice, e.g. usage.outbound' }),
        description: t.exposeString('description'),
        quantity: t.exposeString('quantity'),
        exact: t.field({
          type: 'Money',
          description: 'To the nano (10⁻⁹)',
          resolve: ({ exactNanos: nanos, currency }) => ({ nanos, currency }),
        }),
        amount: t.field({
          type: 'Money',
          description: 'Rounded once to minor units, half away from zero',
          resolve: ({ amountMinor, currency }) => minor(amountMinor, currency),
        }),
      }),
    });
  }

  private defineUpcoming(line: GraphObject<Line>): GraphObject<Upcoming> {
    return this.graph.objectRef<Upcoming>('UpcomingInvoice').implement({
      fields: (t) => ({
        periodFrom: t.field({ type: 'DateTime', resolve: ({ period }) => period.from }),
        periodTo: t.field({ type: 'DateTime', description: 'Not part of the period', resolve: ({ period }) => period.to }),
        lines: t.field({ type: [line], resolve: ({ lines, currency }) => lines.map((l) => ({ ...l, currency })) }),
        currency: t.exposeString('currency'),
        exactTotal: t.field({
          type: 'Money',
          description: 'To the nano (10⁻⁹)',
          resolve: ({ totalMinor, residueNanos, currency }) => ({ nanos: fromMinor(totalMinor, currency) - residueNanos, currency }),
        }),
        total: t.field({ type: 'Money', resolve: (u) => minor(u.totalMinor, u.currency) }),
        fromBalance: t.field({
          type: 'Money',
          description: 'What the balance will pay',
          resolve: (u) => minor(u.fromBalanceMinor, u.currency),
        }),
        amountDue: t.field({
          type: 'Money',
          description: 'What will be collected',
          resolve: (u) => minor(u.totalMinor - u.fromBalanceMinor, u.currency),
        }),
      }),
    });
  }
}
