import { Inject, Injectable } from '@nestjs/common';
import { toPublicId } from '@trunkline/kernel';
import { GRAPH, above, addFilteredList, connectionOf, objectOf, pageArgs, pageCost, pageOfArgs } from '@trunkline/platform';
import type { Graph, GraphObject } from '@trunkline/platform';
import { LedgerQueries } from './ledger-queries.ts';
import type { BalanceView, PostingView } from './ledger-queries.ts';
import { TenantUsageQueries } from './tenant-usage-queries.ts';
import { tenantUsageOut, tenantUsageQuery, tenantUsageToWire } from './tenant-usage.http.ts';

/** The balance and what it is made of. */
@Injectable()
export class LedgerGraphql {
  readonly balance: GraphObject<BalanceView>;

  constructor(@Inject(GRAPH) graph: Graph, queries: LedgerQueries, tenants: TenantUsageQueries) {
    const balance = defineBalance(graph);
    this.balance = balance;
    const page = graph.connectionObject({ type: definePosting(graph), name: 'PostingConnection' });
    graph.queryFields((t) => ({
      balance: t.field({
        type: balance,
        nullable: true,
        description: 'Everything charged and paid until now',
        resolve: (_, __, { reach }) => queries.balance(reach.tenant('billing:read')),
      }),
      postings: t.field({
        type: page,
        nullable: true,
        description: 'What was charged and paid, the newest first',
        args: pageArgs(t.arg),
        complexity: pageCost,
        resolve: async (_, args, { reach }) => connectionOf(await queries.postings(reach.tenant('billing:read'), pageOfArgs(args))),
      }),
    }));
    addFilteredList(graph, 'tenantUsage', above('tenants:read', 'operator:read'), {
      type: objectOf(graph, tenantUsageOut),
      description: 'What each tenant below was charged for a month',
      query: tenantUsageQuery,
      list: (ctx, { month, ...page }) => tenants.list(ctx, month, page),
      toNode: tenantUsageToWire,
    });
  }
}

const defineBalance = (graph: Graph) =>
  graph.objectRef<BalanceView>('Balance').implement({
    fields: (t) => ({
      balance: t.field({
        type: 'Money',
        description: 'Credit is positive, debt negative',
        resolve: ({ owedNanos, currency }) => ({ nanos: -owedNanos, currency }),
      }),
      owed: t.field({
        type: 'Money',
        description: 'The same with the sign changed',
        resolve: ({ owedNanos: nanos, currency }) => ({ nanos, currency }),
      }),
      currency: t.exposeString('currency'),
    }),
  });

const definePosting = (graph: Graph) =>
  graph.objectRef<PostingView>('Posting').implement({
    fields: (t) => ({
      id: t.id({ resolve: ({ id }) => toPublicId('posting', id) }),
      kind: t.exposeString('kind'),
      month: t.string({
        description: 'The month in which the service was rendered, e.g. 2026-11',
        resolve: ({ month }) => month.toISOString().slice(0, 7),
      }),
      amount: t.field({
        type: 'Money',
        description: 'What it added to what is owed; negative for a payment or credit',
        resolve: ({ amountNanos: nanos, currency }) => ({ nanos, currency }),
      }),
      count: t.exposeInt('count', { description: 'Calls, channels or numbers' }),
      seconds: t.float({ description: 'Billed seconds of calls', resolve: ({ seconds }) => Number(seconds) }),
      reference: t.exposeString('reference'),
      postedAt: t.expose('postedAt', { type: 'DateTime' }),
    }),
  });
