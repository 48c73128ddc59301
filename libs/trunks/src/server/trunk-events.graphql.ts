import { Inject, Injectable } from '@nestjs/common';
import { GRAPH, LiveEvents, addSubscription, changeType, scoped } from '@trunkline/platform';
import type { Graph, LiveEvent } from '@trunkline/platform';
import { TrunkQueries } from './trunk-queries.ts';
import { TrunksGraphql } from './trunks.graphql.ts';

const trunkOf = ({ data }: LiveEvent): string => String(data['trunkId']);

/** Trunks as they change. */
@Injectable()
export class TrunkEventsGraphql {
  constructor(@Inject(GRAPH) graph: Graph, live: LiveEvents, { trunk: type }: TrunksGraphql, queries: TrunkQueries) {
    const access = scoped('trunks:read');
    addSubscription(graph, live, 'trunkChanged', access, {
      type: changeType(graph, 'trunk', { type, kind: 'trunk', find: (reach, id) => queries.byId(access.contextOf(reach), id) }),
      description: 'A trunk was created, changed or deleted',
      events: ['trunk.created', 'trunk.updated', 'trunk.deleted'],
      only: { arg: 'id', kind: 'trunk', of: trunkOf },
      tell: (_, event) => ({ event, uuid: trunkOf(event) }),
    });
  }
}
