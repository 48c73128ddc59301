import { Inject, Injectable } from '@nestjs/common';
import { toPublicId } from '@trunkline/kernel';
import { GRAPH, addList, connectionOf, objectOf, operatorReads, pageArgs, pageCost, pageOfArgs, uuidOf } from '@trunkline/platform';
import type { Graph, GraphEnum, GraphObject } from '@trunkline/platform';
import type { Carrier, Gateway } from '../core/gateway.ts';
import { TARGET_HEALTH } from '../core/target-health.ts';
import type { TargetHealth } from '../core/target-health.ts';
import { CarrierQueries } from './carrier-queries.ts';
import { routeOut, routeToWire } from './carriers.schema.ts';
import { TargetHealthView } from './target-health-view.ts';

/** Carriers with their gateways, for operators. */
@Injectable()
export class CarriersGraphql {
  readonly health: GraphEnum<TargetHealth>;

  constructor(@Inject(GRAPH) graph: Graph, queries: CarrierQueries, view: TargetHealthView) {
    this.health = graph.enumType('TargetHealth', {
      description: 'down: an edge asks it by SIP OPTIONS and gets no answer; unknown: no edge asks it, or none has yet',
      values: TARGET_HEALTH,
    });
    const carrier = defineCarrier(graph, queries, defineGateway(graph, this.health, view));
    const page = graph.connectionObject({ type: carrier, name: 'CarrierConnection' });
    addList(graph, 'carrierRoutes', operatorReads, {
      type: objectOf(graph, routeOut),
      description: 'Outbound routes, the newest first',
      list: (ctx, query) => queries.routes(ctx, query),
      toNode: routeToWire,
    });
    graph.queryFields((t) => ({
      carriers: t.field({
        type: page,
        nullable: true,
        description: 'Carriers, the newest first; for operators',
        args: pageArgs(t.arg),
        complexity: pageCost,
        resolve: async (_, args, { reach }) => connectionOf(await queries.list(reach.operator('operator:read'), pageOfArgs(args))),
      }),
      carrier: t.field({
        type: carrier,
        nullable: true,
        args: { id: t.arg.id({ required: true }) },
        resolve: (_, { id }, { reach }) => queries.byId(reach.operator('operator:read'), uuidOf('carrier', id)),
      }),
    }));
  }
}

const defineGateway = (graph: Graph, health: GraphEnum<TargetHealth>, view: TargetHealthView) =>
  graph.objectRef<Gateway>('Gateway').implement({
    fields: (t) => ({
      id: t.id({ resolve: ({ id }) => toPublicId('gateway', id) }),
      carrierId: t.id({ resolve: ({ carrierId }) => toPublicId('carrier', carrierId) }),
      uri: t.exposeString('uri'),
      sourceAddresses: t.exposeStringList('sourceAddresses'),
      health: t.loadable({ type: health, load: (uris: string[]) => healthOf(view, uris), resolve: ({ uri }) => uri }),
      createdAt: t.expose('createdAt', { type: 'DateTime' }),
    }),
  });

/** In the order of the URIs. */
export const healthOf = async (view: TargetHealthView, uris: readonly string[]): Promise<TargetHealth[]> => {
  const found = await view.of(uris);
  return uris.map((uri) => found.get(uri) ?? 'unknown');
};

const defineCarrier = (graph: Graph, queries: CarrierQueries, gateway: GraphObject<Gateway>) =>
  graph.node(graph.objectRef<Carrier>('Carrier'), {
    id: { resolve: ({ id }) => id },
    loadOne: (id, { reach }) => queries.byId(reach.operator('operator:read'), id),
    fields: (t) => ({
      name: t.exposeString('name'),
      enabled: t.exposeBoolean('enabled'),
      gateways: t.expose('gateways', { type: [gateway] }),
      revision: t.exposeInt('revision'),
      createdAt: t.expose('createdAt', { type: 'DateTime' }),
      updatedAt: t.expose('updatedAt', { type: 'DateTime' }),
    }),
  });
