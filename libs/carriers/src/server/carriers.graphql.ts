import { Inject, Injectable } from '@nestjs/common';
import { toPublicId } from '@trunkline/kernel';
import { GRAPH, connectionOf, pageArgs, pageCost, pageOfArgs, uuidOf } from '@trunkline/platform';
import type { Graph } from '@trunkline/platform';
import type { Carrier, Gateway } from '../core/gateway.ts';
import { CarrierQueries } from './carrier-queries.ts';

/** Carriers with their gateways, for operators. */
@Injectable()
export class CarriersGraphql {
  constructor(@Inject(GRAPH) graph: Graph, queries: CarrierQueries) {
    const carrier = defineCarrier(graph, queries);
    const page = graph.connectionObject({ type: carrier, name: 'CarrierConnection' });
    graph.queryFields((t) => ({
      carriers: t.field({
        type: page,
        nullable: true,
        description: 'Carriers, the newest first; for operators',
        args: pageArgs(t.arg),
        complexity: pageCost,
        resolve: async (_, args, { reach }) => connectionOf(await queries.list(reach.operator(), pageOfArgs(args))),
      }),
      carrier: t.field({
        type: carrier,
        nullable: true,
        args: { id: t.arg.id({ required: true }) },
        resolve: (_, { id }, { reach }) => queries.byId(reach.operator(), uuidOf('carrier', id)),
      }),
    }));
  }
}

const defineCarrier = (graph: Graph, queries: CarrierQueries) => {
  const gateway = graph.objectRef<Gateway>('Gateway').implement({
    fields: (t) => ({
      id: t.id({ resolve: ({ id }) => toPublicId('gateway', id) }),
      uri: t.exposeString('uri'),
      sourceAddresses: t.exposeStringList('sourceAddresses'),
      createdAt: t.expose('createdAt', { type: 'DateTime' }),
    }),
  });
  return graph.node(graph.objectRef<Carrier>('Carrier'), {
    id: { resolve: ({ id }) => id },
    loadOne: (id, { reach }) => queries.byId(reach.operator(), id),
    fields: (t) => ({
      name: t.exposeString('name'),
      enabled: t.exposeBoolean('enabled'),
      gateways: t.expose('gateways', { type: [gateway] }),
      revision: t.exposeInt('revision'),
      createdAt: t.expose('createdAt', { type: 'DateTime' }),
      updatedAt: t.expose('updatedAt', { type: 'DateTime' }),
    }),
  });
};
