import { camelKeys } from '@trunkline/kernel';
import { Inject, Injectable } from '@nestjs/common';
import {
  GRAPH,
  LiveEvents,
  addFilteredList,
  addItem,
  addList,
  addSubscription,
  changeType,
  objectOf,
  operatorReads,
  scoped,
  uuidOf,
} from '@trunkline/platform';
import type { Graph, GraphObject, LiveEvent } from '@trunkline/platform';
import type { z } from 'zod';
import { PORT_IN_STATES } from '../core/port-in-machine.ts';
import { AddPortNote } from './add-port-note.ts';
import { CheckPortProject } from './check-port-project.ts';
import { CommandPortOrder } from './command-port-order.ts';
import { CreatePortProject } from './create-port-project.ts';
import { PortNoteQueries } from './port-note-queries.ts';
import { addPortNotes } from './port-notes-graph.ts';
import { PortQueries } from './port-queries.ts';
import { addPortMutations } from './porting-mutations.ts';
import {
  createdPortProject,
  portEventOut,
  portEventToWire,
  portOrderOut,
  portOrderQuery,
  portProjectQuery,
  portOrderSummaryOut,
  portOrderSummaryToWire,
  portOrderToWire,
  portProjectOut,
  portProjectToWire,
  rejectionCountToWire,
  rejectionCountsOut,
} from './porting.schema.ts';
import { SubmitPortProject } from './submit-port-project.ts';
import { UpdatePortOrder } from './update-port-order.ts';

const reads = scoped('porting:read');
const orderOf = ({ data }: LiveEvent): string => String(data['portOrderId']);

/** Ports: projects, their orders, what happened to them, and what can be done with an id alone. */
@Injectable()
export class PortingGraphql {
  private readonly summary: GraphObject<z.infer<typeof portOrderSummaryOut>>;
  private readonly project: GraphObject<z.infer<typeof portProjectOut>>;
  private readonly order: GraphObject<z.infer<typeof portOrderOut>>;

  constructor(
    @Inject(GRAPH) private readonly graph: Graph,
    private readonly live: LiveEvents,
    private readonly queries: PortQueries,
    commands: CommandPortOrder,
    create: CreatePortProject,
    check: CheckPortProject,
    submit: SubmitPortProject,
    update: UpdatePortOrder,
    notes: PortNoteQueries,
    add: AddPortNote,
  ) {
    this.summary = objectOf(graph, portOrderSummaryOut);
    this.project = objectOf(graph, portProjectOut, { types: { orders: this.summary as never } });
    this.order = objectOf(graph, portOrderOut);
    this.defineReads();
    this.defineHistory();
    this.defineOperators();
    const created = objectOf(graph, createdPortProject, { types: { orders: this.summary as never } });
    addPortMutations(graph, { created, project: this.project, order: this.order }, { queries, create, check, submit, update, commands });
    addPortNotes(
      graph,
      { queries: notes, add },
      { type: this.order, kind: 'portOrder', mutation: 'addPortOrderNote', about: (id) => ({ portOrderId: id, portOutId: null }) },
    );
    this.defineEvents();
  }

  private defineReads(): void {
    const { graph, queries, project, order } = this;
    addFilteredList(graph, 'portProjects', reads, {
      type: project,
      description: 'Port projects, the newest first',
      query: portProjectQuery,
      list: (ctx, query) => queries.projects(ctx, camelKeys(query)),
      toNode: portProjectToWire,
    });
    addItem(graph, 'portProject', reads, {
      type: project,
      description: 'A port project',
      kind: 'portProject',
      find: async (ctx, id) => portProjectToWire(await queries.project(ctx, id)),
    });
    addFilteredList(graph, 'portOrders', reads, {
      type: order,
      description: 'Port orders, the newest first',
      query: portOrderQuery,
      list: (ctx, { project_id: projectId, ...query }) => queries.orders(ctx, { ...query, projectId }),
      toNode: portOrderToWire,
    });
    addItem(graph, 'portOrder', reads, {
      type: order,
      description: 'A port order',
      kind: 'portOrder',
      find: async (ctx, id) => portOrderToWire(await queries.order(ctx, id)),
    });
  }

  private defineHistory(): void {
    const type = objectOf(this.graph, portEventOut);
    this.graph.objectField(this.order, 'history', (t) =>
      t.loadableList({
        type,
        description: 'What happened to it, in its order',
        load: async (ids: string[], { reach }) => {
          const uuids = ids.map((id) => uuidOf('portOrder', id));
          const histories = await this.queries.histories(reads.contextOf(reach), uuids);
          return uuids.map((id) => (histories.get(id) ?? []).map(portEventToWire));
        },
        resolve: ({ id }) => id,
      }),
    );
  }

  private defineOperators(): void {
    const { graph, queries } = this;
    addList(graph, 'portReviews', operatorReads, {
      type: this.summary,
      description: 'Port orders that wait for a review, the oldest first',
      list: (ctx, query) => queries.inReview(ctx, query),
      toNode: portOrderSummaryToWire,
    });
    const count = objectOf(graph, rejectionCountsOut.shape.data.element);
    graph.queryField('portRejectionCounts', (t) =>
      t.field({
        type: [count],
        nullable: true,
        description: 'Refusals of ports by reason and losing carrier, the most frequent first; for operators',
        extensions: { access: operatorReads.name },
        args: { days: t.arg.int({ defaultValue: 30 }) },
        resolve: async (_, { days }, { reach }) =>
          (await queries.rejectionCounts(operatorReads.contextOf(reach), days ?? 30)).map(rejectionCountToWire),
      }),
    );
  }

  private defineEvents(): void {
    const { graph, live, queries, order: type } = this;
    addSubscription(graph, live, 'portOrderChanged', reads, {
      type: changeType(graph, 'portOrder', {
        type,
        kind: 'portOrder',
        find: async (reach, id) => portOrderToWire(await queries.order(reads.contextOf(reach), id)),
      }),
      description: 'A port order is in another state, or has another firm date',
      events: PORT_IN_STATES.map((state) => `port_order.${state}`),
      only: { arg: 'id', kind: 'portOrder', of: orderOf },
      tell: (_, event) => ({ event, uuid: orderOf(event) }),
    });
  }
}
