import { Inject, Injectable } from '@nestjs/common';
import { GRAPH, addItem, addList, connected, objectOf, pageArgs, pageCost, pageOfArgs, scoped } from '@trunkline/platform';
import type { Graph } from '@trunkline/platform';
import { encodeE164Cursor } from '../core/e164-cursor.ts';
import { NumberJobQueries } from './number-job-queries.ts';
import { jobOut, jobToWire } from './number-jobs.http.ts';
import { reservationOut, reservationToWire } from './number-reservations.http.ts';
import { ReserveNumbers } from './reserve-numbers.ts';

const access = scoped('numbers:read');

/** What is kept for a tenant, and what its jobs did. */
@Injectable()
export class NumberWorkGraphql {
  constructor(@Inject(GRAPH) graph: Graph, jobs: NumberJobQueries, reserve: ReserveNumbers) {
    const job = objectOf(graph, jobOut);
    addList(graph, 'numberJobs', access, {
      type: job,
      description: 'Changes of many numbers, the newest first; what became of each number is read by REST',
      list: (ctx, query) => jobs.list(ctx, query),
      toNode: jobToWire,
    });
    addItem(graph, 'numberJob', access, {
      type: job,
      description: 'A change of many numbers: how far it is',
      kind: 'numberJob',
      find: async (ctx, id) => jobToWire(await jobs.byId(ctx, id)),
    });
    const kept = graph.connectionObject({ type: objectOf(graph, reservationOut), name: 'NumberReservationConnection' });
    graph.queryField('numberReservations', (t) =>
      t.field({
        type: kept,
        nullable: true,
        description: 'The numbers that are kept for the tenant now; needs numbers:read',
        args: pageArgs(t.arg),
        complexity: pageCost,
        resolve: async (_, args, { reach }) => {
          const { data, nextCursor } = await reserve.list(reach.tenant('numbers:read'), pageOfArgs(args));
          return connected(data, nextCursor, ({ e164 }) => encodeE164Cursor(e164), reservationToWire);
        },
      }),
    );
  }
}
