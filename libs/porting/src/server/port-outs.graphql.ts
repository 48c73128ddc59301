import { Inject, Injectable } from '@nestjs/common';
import {
  GRAPH,
  addFilteredList,
  addItem,
  addList,
  addMutation,
  addValue,
  inputOf,
  objectOf,
  operatorOnly,
  operatorReads,
  scoped,
  uuidOf,
} from '@trunkline/platform';
import type { Graph } from '@trunkline/platform';
import { AddPortNote } from './add-port-note.ts';
import { CarrierHolidays } from './carrier-holidays.ts';
import { DecidePortOut } from './decide-port-out.ts';
import { PortNoteQueries } from './port-note-queries.ts';
import { addPortNotes } from './port-notes-graph.ts';
import { addPortOutMutations } from './port-out-mutations.ts';
import { PortOutQueries } from './port-out-queries.ts';
import {
  carrierHolidayOut,
  carrierHolidayQuery,
  carrierHolidayToWire,
  portOutEventOut,
  portOutEventToWire,
  portOutOut,
  portOutPolicyOut,
  portOutPolicyToWire,
  portOutProtectionOut,
  portOutProtectionToWire,
  portOutQuery,
  portOutSettlement,
  portOutToWire,
} from './port-outs.schema.ts';
import { ProtectNumbers } from './protect-numbers.ts';
import { SettlePortOutDispute } from './settle-port-out-dispute.ts';

const reads = scoped('porting:read');

/** Requests for a tenant's numbers, what protects them, and the days that carriers keep. */
@Injectable()
export class PortOutsGraphql {
  constructor(
    @Inject(GRAPH) graph: Graph,
    queries: PortOutQueries,
    protect: ProtectNumbers,
    holidays: CarrierHolidays,
    decide: DecidePortOut,
    notes: PortNoteQueries,
    add: AddPortNote,
    settle: SettlePortOutDispute,
  ) {
    const type = objectOf(graph, portOutOut);
    addFilteredList(graph, 'portOuts', reads, {
      type,
      description: 'Requests of other carriers for numbers, the newest first',
      query: portOutQuery,
      list: (ctx, query) => queries.list(ctx, query),
      toNode: portOutToWire,
    });
    addItem(graph, 'portOut', reads, {
      type,
      description: 'A request of another carrier for numbers',
      kind: 'portOut',
      find: async (ctx, id) => portOutToWire(await queries.byId(ctx, id)),
    });
    const event = objectOf(graph, portOutEventOut);
    graph.objectField(type, 'history', (t) =>
      t.loadableList({
        type: event,
        description: 'What happened to it, in its order',
        load: async (ids: string[], { reach }) => {
          const uuids = ids.map((id) => uuidOf('portOut', id));
          const histories = await queries.histories(reads.contextOf(reach), uuids);
          return uuids.map((id) => (histories.get(id) ?? []).map(portOutEventToWire));
        },
        resolve: ({ id }) => id,
      }),
    );
    addPortNotes(
      graph,
      { queries: notes, add },
      { type, kind: 'portOut', mutation: 'addPortOutNote', about: (id) => ({ portOrderId: null, portOutId: id }) },
    );
    addList(graph, 'portOutDisputes', operatorReads, {
      ...{ type, description: 'Disputes of numbers that left, the oldest first' },
      list: (ctx, query) => queries.disputed(ctx, query),
      toNode: portOutToWire,
    });
    addMutation(graph, 'settlePortOutDispute', operatorOnly, {
      ...{ type, description: 'Write down how a dispute ended, as the carrier does not', ids: { id: 'portOut' } as const },
      input: inputOf(graph, portOutSettlement),
      run: async (ctx, { id, input }) => portOutToWire(await settle.execute(ctx, id, input.outcome, input.reason)),
    });
    const policy = objectOf(graph, portOutPolicyOut);
    const protection = objectOf(graph, portOutProtectionOut);
    addPortOutMutations(graph, { portOut: type, policy, protection }, { queries, decide, protect });
    addValue(graph, 'portOutPolicy', reads, {
      type: policy,
      description: 'What requests for numbers are answered by',
      find: async (ctx) => portOutPolicyToWire(await protect.policy(ctx)),
    });
    addItem(graph, 'portOutProtection', reads, {
      type: protection,
      description: 'What keeps the number with that id from leaving',
      kind: 'number',
      find: async (ctx, id) => portOutProtectionToWire(await protect.of(ctx, id)),
    });
    addFilteredList(graph, 'carrierHolidays', operatorReads, {
      type: objectOf(graph, carrierHolidayOut),
      description: 'Days that carriers keep unlike others',
      query: carrierHolidayQuery,
      list: (ctx, query) => holidays.list(ctx, query),
      toNode: carrierHolidayToWire,
    });
  }
}
