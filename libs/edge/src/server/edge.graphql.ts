import { Inject, Injectable } from '@nestjs/common';
import { GRAPH, uuidOf } from '@trunkline/platform';
import type { Graph, GraphObject } from '@trunkline/platform';
import { EDGE_STATES } from '../core/watch-edges.ts';
import { EdgeQueries } from './edge-queries.ts';
import type { Edge, ReportedStatus } from './edge-queries.ts';

/** Edges and how far they have come, for operators. */
@Injectable()
export class EdgeGraphql {
  constructor(@Inject(GRAPH) graph: Graph, queries: EdgeQueries) {
    const edge = defineEdge(graph, queries);
    graph.queryFields((t) => ({
      edges: t.field({
        type: [edge],
        nullable: true,
        description: 'All edges, by name; for operators',
        resolve: (_, __, { reach }) => queries.list(reach.operator('operator:read')),
      }),
      edge: t.field({
        type: edge,
        nullable: true,
        args: { id: t.arg.id({ required: true }) },
        resolve: (_, { id }, { reach }) => queries.byId(reach.operator('operator:read'), uuidOf('edge', id)),
      }),
    }));
  }
}

const defineEdge = (graph: Graph, queries: EdgeQueries) => {
  const configuration = defineConfiguration(graph);
  const status = defineStatus(graph);
  return graph.node(graph.objectRef<Edge>('Edge'), {
    id: { resolve: ({ id }) => id },
    loadOne: (id, { reach }) => queries.byId(reach.operator('operator:read'), id),
    fields: (t) => ({
      name: t.exposeString('name'),
      sipAddress: t.exposeString('sipAddress'),
      connected: t.exposeBoolean('connected'),
      lastSeenAt: t.expose('lastSeenAt', { type: 'DateTime', nullable: true }),
      enrolledAt: t.expose('enrolledAt', { type: 'DateTime', nullable: true }),
      state: t.expose('state', {
        type: graph.enumType('EdgeState', { values: EDGE_STATES }),
        description: 'draining: new calls go to other edges; drained: no call and no unsent record is left',
      }),
      stateAt: t.expose('stateAt', { type: 'DateTime', nullable: true }),
      lostAt: t.expose('lostAt', { type: 'DateTime', nullable: true, description: 'Since when it counts as lost' }),
      keyEnrolledAt: t.expose('keyEnrolledAt', { type: 'DateTime', nullable: true }),
      contract: t.exposeInt('contract', { nullable: true, description: 'What its agent speaks' }),
      agentVersion: t.exposeString('agentVersion', { nullable: true }),
      refusedCode: t.exposeString('refusedCode', { nullable: true, description: 'Why it was turned away; null when it was let in' }),
      refusedAt: t.expose('refusedAt', { type: 'DateTime', nullable: true }),
      tenants: t.exposeInt('tenants', { description: 'Tenants whose calls it carries' }),
      configuration: t.field({ type: configuration, resolve: (edge) => edge }),
      status: t.expose('status', { type: status, nullable: true, description: 'What it said of itself when it was last seen' }),
      createdAt: t.expose('createdAt', { type: 'DateTime' }),
    }),
  });
};

// versions outgrow the 32 bits of Int in the end
const defineConfiguration = (graph: Graph): GraphObject<Edge> =>
  graph.objectRef<Edge>('EdgeConfiguration').implement({
    fields: (t) => ({
      desiredVersion: t.float({ resolve: ({ desiredVersion }) => Number(desiredVersion) }),
      appliedVersion: t.float({ resolve: ({ appliedVersion }) => Number(appliedVersion) }),
      lag: t.float({
        description: 'Changed entries it has not applied yet',
        resolve: (e) => Math.max(0, Number(e.desiredVersion - e.appliedVersion)),
      }),
      appliedAt: t.expose('appliedAt', { type: 'DateTime', nullable: true }),
      lagSecs: t.exposeInt('lagSecs', { description: 'Age of the oldest of them' }),
      driftedAt: t.expose('driftedAt', { type: 'DateTime', nullable: true }),
      driftKinds: t.exposeStringList('driftKinds'),
      drifts: t.exposeInt('drifts', { description: 'How often that was' }),
      resyncRequestedAt: t.expose('resyncRequestedAt', { type: 'DateTime', nullable: true }),
      resyncedAt: t.expose('resyncedAt', { type: 'DateTime', nullable: true }),
      resyncs: t.exposeInt('resyncs', { description: 'How often that was' }),
      sweptAt: t.expose('sweptAt', { type: 'DateTime', nullable: true }),
      sweepRepaired: t.exposeInt('sweepRepaired', { nullable: true, description: 'How many entries differed then' }),
      sweepBlocked: t.exposeString('sweepBlocked', { nullable: true, description: 'Why the last sweep repaired nothing' }),
    }),
  });

const defineStatus = (graph: Graph): GraphObject<ReportedStatus> =>
  graph.objectRef<ReportedStatus>('EdgeStatus').implement({
    fields: (t) => ({
      kamailio: t.expose('kamailio', { type: graph.enumType('KamailioState', { values: ['up', 'down'] as const }) }),
      spoolDepth: t.exposeInt('spool_depth', { description: 'Call records not yet acknowledged' }),
      activeCalls: t.exposeInt('active_calls'),
      bundle: t.exposeString('bundle'),
      tlsExpiresAt: t.string({
        nullable: true,
        description: 'When the certificate of its TLS listener ends',
        resolve: ({ tls_expires_at }) => tls_expires_at ?? null,
      }),
    }),
  });
