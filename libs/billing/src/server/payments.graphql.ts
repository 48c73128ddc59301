import { Inject, Injectable } from '@nestjs/common';
import {
  GRAPH,
  addFilteredList,
  addItem,
  addList,
  addMutation,
  addValue,
  inputOf,
  objectOf,
  operatorReads,
  scoped,
} from '@trunkline/platform';
import type { Graph } from '@trunkline/platform';
import { BillingGraphql } from './billing.graphql.ts';
import { autoTopUpOf, settingsChange, settingsOut, settingsToWire } from './billing-settings.http.ts';
import { ChangeBillingSettings } from './change-billing-settings.ts';
import { ChangePaymentMethod } from './change-payment-method.ts';
import { PayInvoice } from './pay-invoice.ts';
import { methodChange, methodOut } from './payment-method.http.ts';
import { ReconciliationQueries } from './reconciliation-queries.ts';
import { reconciliationOut, reconciliationQuery, reconciliationToWire } from './reconciliations.http.ts';
import { RefundQueries } from './refund-queries.ts';
import { disputeOut, disputeToWire, refundOut, refundToWire } from './refunds.http.ts';
import { RequestTopUp } from './request-top-up.ts';
import { TopUpQueries } from './top-up-queries.ts';
import { newTopUp, topUpOut, topUpToWire } from './top-ups.http.ts';

const read = scoped('billing:read');
const write = scoped('billing:write');

/** How the tenant pays: top-ups, and by what. */
@Injectable()
export class PaymentsGraphql {
  constructor(
    @Inject(GRAPH) private readonly graph: Graph,
    private readonly topUps: TopUpQueries,
    private readonly requestTopUp: RequestTopUp,
    private readonly settings: ChangeBillingSettings,
    private readonly method: ChangePaymentMethod,
  ) {
    this.defineTopUps();
    this.defineSettings();
  }

  private defineTopUps(): void {
    const { graph, topUps } = this;
    const type = objectOf(graph, topUpOut, { loadOne: async (id, reach) => topUpToWire(await topUps.byId(read.contextOf(reach), id)) });
    addList(graph, 'topUps', read, {
      type,
      description: 'Top-ups, the newest first',
      list: (ctx, query) => topUps.list(ctx, query),
      toNode: topUpToWire,
    });
    addItem(graph, 'topUp', read, {
      type,
      description: 'A top-up',
      kind: 'topUp',
      find: async (ctx, id) => topUpToWire(await topUps.byId(ctx, id)),
    });
    addMutation(graph, 'createTopUp', write, {
      type,
      description: 'Put money on the balance by card',
      input: inputOf(graph, newTopUp),
      run: async (ctx, { input }) => topUpToWire(await this.requestTopUp.execute(ctx, input.amount)),
    });
  }

  private defineSettings(): void {
    const { graph, settings } = this;
    const type = objectOf(graph, settingsOut);
    addValue(graph, 'billingSettings', read, {
      type,
      description: 'How the tenant pays',
      find: async (ctx) => settingsToWire(await settings.read(ctx, ctx.tenantId)),
    });
    addMutation(graph, 'updateBillingSettings', write, {
      type,
      description: 'Have the balance topped up by itself, or not',
      input: inputOf(graph, settingsChange),
      run: async (ctx, { input }) => settingsToWire(await settings.setAutoTopUp(ctx, autoTopUpOf(input))),
    });
    addMutation(graph, 'setPaymentMethod', write, {
      type: objectOf(graph, methodOut),
      description: 'Set what invoices are paid with',
      input: inputOf(graph, methodChange),
      run: async (ctx, { input }) => ({
        object: 'payment_method',
        payment_method_id: await this.method.execute(ctx, input.payment_method_id),
      }),
    });
  }
}

/** What was given back, what is disputed, and where the payment provider differs. */
@Injectable()
export class RefundsGraphql {
  constructor(
    @Inject(GRAPH) graph: Graph,
    { invoice }: BillingGraphql,
    pay: PayInvoice,
    refunds: RefundQueries,
    reconciliations: ReconciliationQueries,
  ) {
    addMutation(graph, 'payInvoice', write, {
      type: invoice,
      description: 'Try again to collect an invoice',
      ids: { id: 'invoice' },
      run: (ctx, { id }) => pay.execute(ctx, id),
    });
    addList(graph, 'refunds', read, {
      type: objectOf(graph, refundOut),
      description: 'Refunds, the newest first',
      list: (ctx, query) => refunds.refunds(ctx, query),
      toNode: refundToWire,
    });
    addList(graph, 'disputes', operatorReads, {
      type: objectOf(graph, disputeOut),
      description: 'Payments that cardholders dispute, the newest first',
      list: (ctx, query) => refunds.disputes(ctx, query),
      toNode: disputeToWire,
    });
    addFilteredList(graph, 'reconciliations', operatorReads, {
      type: objectOf(graph, reconciliationOut),
      description: 'Where the payment provider and we differ or differed, the newest first',
      query: reconciliationQuery,
      list: (ctx, query) => reconciliations.list(ctx, query),
      toNode: reconciliationToWire,
    });
  }
}
