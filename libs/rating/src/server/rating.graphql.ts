import { Inject, Injectable } from '@nestjs/common';
import { GRAPH, above, addFilteredList, addItem, addList, objectOf, operatorReads, scoped, uuidOf } from '@trunkline/platform';
import type { Graph } from '@trunkline/platform';
import { DeckQueries } from './deck-queries.ts';
import { deckOut, deckToWire, versionOut, versionToWire } from './decks.http.ts';
import { assignmentOut, assignmentQuery, assignmentToWire } from './plan-assignments.http.ts';
import { planOut, planToWire } from './plans.http.ts';
import { PlanQueries } from './plan-queries.ts';

/** Decks and plans, for operators; for resellers the plans that they may hand on. */
@Injectable()
export class RatingGraphql {
  constructor(@Inject(GRAPH) graph: Graph, decks: DeckQueries, plans: PlanQueries) {
    defineDecks(graph, decks);
    const plan = { type: objectOf(graph, planOut), toNode: planToWire };
    addList(graph, 'plans', operatorReads, {
      ...plan,
      description: 'Plans, the newest first',
      list: (ctx, query) => plans.list(ctx, query),
    });
    addList(graph, 'resalePlans', scoped('tenants:read'), {
      ...plan,
      description: 'The plans that a reseller may assign to tenants below it',
      list: (ctx, query) => plans.resalePlans(ctx, query),
    });
    addFilteredList(graph, 'planAssignments', above('tenants:read', 'operator:read'), {
      type: objectOf(graph, assignmentOut),
      description: 'Which tenant had which plan, the latest assignment first',
      query: assignmentQuery,
      list: (ctx, { tenant_id: tenantId, ...page }) => plans.assignments(ctx, { ...page, tenantId }),
      toNode: assignmentToWire,
    });
  }
}

const defineDecks = (graph: Graph, queries: DeckQueries): void => {
  const deck = objectOf(graph, deckOut, {
    loadOne: async (id, reach) => deckToWire(await queries.byId(reach.operator('operator:read'), id)),
  });
  graph.objectField(deck, 'versions', (t) =>
    t.loadableGroup({
      type: objectOf(graph, versionOut),
      description: 'Newest first',
      load: async (ids: string[], { reach }) => {
        const uuids = ids.map((id) => uuidOf('deck', id));
        return (await queries.versionsOf(reach.operator('operator:read'), uuids)).map(versionToWire);
      },
      group: ({ deck_id: id }) => id,
      resolve: ({ id }) => id,
    }),
  );
  addList(graph, 'decks', operatorReads, {
    type: deck,
    description: 'Rate decks, the newest first',
    list: (ctx, query) => queries.list(ctx, query),
    toNode: deckToWire,
  });
  addItem(graph, 'deck', operatorReads, {
    type: deck,
    description: 'A rate deck',
    kind: 'deck',
    find: async (ctx, id) => deckToWire(await queries.byId(ctx, id)),
  });
};
