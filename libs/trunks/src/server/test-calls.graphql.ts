import { Inject, Injectable } from '@nestjs/common';
import { camelKeys } from '@trunkline/kernel';
import { GRAPH, addFilteredList, addItem, addMutation, inputOf, objectOf, scoped } from '@trunkline/platform';
import type { Graph } from '@trunkline/platform';
import { CreateTestCall } from './create-test-call.ts';
import { TestCallQueries } from './test-call-queries.ts';
import { newTestCall, testCallOut, testCallQuery, testCallToWire } from './test-calls.schema.ts';

/** Test calls of trunks. */
@Injectable()
export class TestCallsGraphql {
  constructor(@Inject(GRAPH) graph: Graph, queries: TestCallQueries, create: CreateTestCall) {
    const reads = scoped('trunks:read');
    const type = objectOf(graph, testCallOut);
    addFilteredList(graph, 'testCalls', reads, {
      type,
      description: 'Test calls, the newest first',
      query: testCallQuery,
      list: (ctx, query) => queries.list(ctx, camelKeys(query)),
      toNode: testCallToWire,
    });
    addItem(graph, 'testCall', reads, {
      type,
      description: 'A test call, and what came of it',
      kind: 'testCall',
      find: async (ctx, id) => testCallToWire(await queries.byId(ctx, id)),
    });
    addMutation(graph, 'createTestCall', scoped('trunks:write'), {
      type,
      description: 'Have an edge place a call for a trunk; it costs what a call costs',
      ids: { trunkId: 'trunk' },
      input: inputOf(graph, newTestCall),
      run: async (ctx, { trunkId, input }) => testCallToWire(await create.execute(ctx, trunkId, camelKeys(input))),
    });
  }
}
