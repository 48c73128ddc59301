import { Inject, Injectable } from '@nestjs/common';
import { camelKeys } from '@trunkline/kernel';
import {
  GRAPH,
  addFilteredList,
  addItem,
  addMutation,
  described,
  inputOf,
  objectOf,
  pageCost,
  queryArgs,
  queryOfArgs,
  scoped,
} from '@trunkline/platform';
import type { Graph } from '@trunkline/platform';
import { CancelNumberOrder } from './cancel-number-order.ts';
import { NumberOfferQueries } from './number-offer-queries.ts';
import { NumberOrderQueries } from './number-order-queries.ts';
import {
  newNumberOrder,
  numberOfferQuery,
  numberOffersOut,
  numberOrderOut,
  numberOrderQuery,
  numberOrderToWire,
  offersToWire,
  orderOf,
} from './number-orders.schema.ts';
import { PlaceNumberOrder } from './place-number-order.ts';

const reads = scoped('numbers:read');
const writes = scoped('numbers:write');

/** Orders of many numbers, and what there is to order. */
@Injectable()
export class NumberOrdersGraphql {
  constructor(
    @Inject(GRAPH) graph: Graph,
    queries: NumberOrderQueries,
    offers: NumberOfferQueries,
    place: PlaceNumberOrder,
    cancel: CancelNumberOrder,
  ) {
    const type = objectOf(graph, numberOrderOut, {
      loadOne: async (id, reach) => numberOrderToWire(await queries.byId(reads.contextOf(reach), id)),
    });
    addFilteredList(graph, 'numberOrders', reads, {
      type,
      description: 'Orders of numbers, newest first',
      query: numberOrderQuery,
      list: (ctx, query) => queries.list(ctx, camelKeys(query)),
      toNode: numberOrderToWire,
    });
    addItem(graph, 'numberOrder', reads, {
      type,
      description: 'An order of numbers',
      kind: 'numberOrder',
      find: async (ctx, id) => numberOrderToWire(await queries.byId(ctx, id)),
    });
    addMutation(graph, 'createNumberOrder', writes, {
      type,
      description: 'Order up to 100 numbers, named or searched for; each succeeds or fails by itself',
      input: inputOf(graph, newNumberOrder),
      run: async (ctx, { input }) => numberOrderToWire(await place.execute(ctx, orderOf(input))),
    });
    addMutation(graph, 'cancelNumberOrder', writes, {
      type,
      description: 'Give up the numbers of an order that no carrier was asked for yet',
      ids: { id: 'numberOrder' },
      run: async (ctx, { id }) => numberOrderToWire(await cancel.execute(ctx, id)),
    });
    const found = objectOf(graph, numberOffersOut);
    graph.queryField('numberOffers', (t) =>
      t.field({
        type: found,
        nullable: true,
        description: described('The numbers of the inventory and of carriers together', reads),
        extensions: { access: reads.name },
        args: queryArgs(graph, t.arg, 'NumberOffer', numberOfferQuery),
        complexity: pageCost,
        resolve: async (_, args, { reach }) => {
          const {
            found: offered,
            late,
            plan,
          } = await offers.search(reads.contextOf(reach), camelKeys(queryOfArgs(numberOfferQuery, args)));
          return offersToWire(offered, late.length === 0, plan);
        },
      }),
    );
  }
}
