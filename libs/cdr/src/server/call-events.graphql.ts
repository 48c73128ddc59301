import { Inject, Injectable } from '@nestjs/common';
import { anyPublicId } from '@trunkline/kernel';
import { GRAPH, LiveEvents, addSubscription, scoped } from '@trunkline/platform';
import type { Graph } from '@trunkline/platform';
import { CallQueries } from './call-queries.ts';
import { CdrGraphql } from './cdr.graphql.ts';

const uuidIn = (id: unknown): string | null => anyPublicId(String(id)) ?? null;

/** Calls as they end. */
@Injectable()
export class CallEventsGraphql {
  constructor(@Inject(GRAPH) graph: Graph, live: LiveEvents, { call: type }: CdrGraphql, queries: CallQueries) {
    addSubscription(graph, live, 'callCompleted', scoped('calls:read'), {
      type,
      description: 'A call ended, was not answered or was refused, and is stored',
      events: ['call.completed'],
      isAsked: true,
      only: { arg: 'trunkId', kind: 'trunk', of: ({ data }) => uuidIn(data['trunk_id']) },
      tell: async (ctx, { data }) => (await queries.byId(ctx, uuidIn(data['id']) ?? '')).call,
    });
  }
}
