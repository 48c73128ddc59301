import { Inject, Injectable } from '@nestjs/common';
import { GRAPH, LiveEvents, addSubscription, changeType, scoped } from '@trunkline/platform';
import type { Graph, LiveEvent } from '@trunkline/platform';
import { NumberQueries } from './number-queries.ts';
import { NumbersGraphql } from './numbers.graphql.ts';

const numberOf = ({ data }: LiveEvent): string => String(data['numberId']);

/** Numbers as they change. */
@Injectable()
export class NumberEventsGraphql {
  constructor(@Inject(GRAPH) graph: Graph, live: LiveEvents, { number: type }: NumbersGraphql, queries: NumberQueries) {
    const access = scoped('numbers:read');
    addSubscription(graph, live, 'numberChanged', access, {
      type: changeType(graph, 'number', { type, kind: 'number', find: (reach, id) => queries.byId(access.contextOf(reach), id) }),
      description:
        'A number was ordered, pointed elsewhere, changed, given back or had back, taken out of service or put back, or came from another tenant',
      events: [
        ...['number.ordered', 'number.assigned', 'number.unassigned', 'number.updated', 'number.released', 'number.restored'],
        ...['number.suspended', 'number.reinstated', 'number.transferred_in'],
      ],
      only: { arg: 'id', kind: 'number', of: numberOf },
      tell: (_, event) => ({ event, uuid: numberOf(event) }),
    });
  }
}
