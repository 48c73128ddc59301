import { Inject, Injectable } from '@nestjs/common';
import {
  GRAPH,
  addItem,
  addList,
  connected,
  connectionOf,
  objectOf,
  pageArgs,
  pageCost,
  pageOfArgs,
  scoped,
  uuidOf,
} from '@trunkline/platform';
import type { Graph } from '@trunkline/platform';
import { encodeE164Cursor } from '../core/e164-cursor.ts';
import { NumberHistoryQueries } from './number-history-queries.ts';
import { historyOut, historyToWire } from './number-history.schema.ts';
import { NumberJobQueries } from './number-job-queries.ts';
import { jobOut, jobToWire } from './number-jobs.http.ts';
import { reservationOut, reservationToWire } from './number-reservations.http.ts';
import { ReserveNumbers } from './reserve-numbers.ts';

const access = scoped('numbers:read');

/** What is kept for a tenant, what its jobs did, and what happened to its numbers. */
@Injectable()
export class NumberWorkGraphql {
  constructor(@Inject(GRAPH) graph: Graph, jobs: NumberJobQueries, history: NumberHistoryQueries, reserve: ReserveNumbers) {
    const job = objectOf(graph, jobOut, { loadOne: async (id, reach) => jobToWire(await jobs.byId(reach.tenant('numbers:read'), id)) });
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
    const entries = graph.connectionObject({ type: objectOf(graph, historyOut), name: 'NumberHistoryEntryConnection' });
    const kept = graph.connectionObject({ type: objectOf(graph, reservationOut), name: 'NumberReservationConnection' });
    graph.queryFields((t) => ({
      numberHistory: t.field({
        type: entries,
        nullable: true,
        description: 'What happened to a number of the tenant’s, the newest first; needs numbers:read',
        args: { ...pageArgs(t.arg), id: t.arg.id({ required: true }) },
        complexity: pageCost,
        resolve: async (_, { id, ...page }, { reach }) =>
          connectionOf(await history.ofNumber(reach.tenant('numbers:read'), uuidOf('number', id), pageOfArgs(page)), historyToWire),
      }),
      numberReservations: t.field({
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
    }));
  }
}
