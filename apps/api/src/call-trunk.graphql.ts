import { Inject, Injectable } from '@nestjs/common';
import { CdrGraphql } from '@trunkline/cdr/server';
import { GRAPH } from '@trunkline/platform';
import type { Graph } from '@trunkline/platform';
import { TrunkQueries, TrunksGraphql } from '@trunkline/trunks/server';

/** Joins two neighbours that may not know each other: the trunk of a call. */
@Injectable()
export class CallTrunkGraphql {
  constructor(@Inject(GRAPH) graph: Graph, calls: CdrGraphql, trunks: TrunksGraphql, queries: TrunkQueries) {
    graph.objectField(calls.call, 'trunk', (t) =>
      t.loadable({
        type: trunks.trunk,
        nullable: true,
        description: 'Null when it was deleted since',
        load: (ids: string[], { reach }) => queries.byIds(reach.tenant('trunks:read'), ids),
        sort: ({ id }) => id,
        resolve: ({ trunkId }) => trunkId,
      }),
    );
  }
}
