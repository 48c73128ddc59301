import { Inject, Injectable } from '@nestjs/common';
import { toPublicId } from '@trunkline/kernel';
import { GRAPH, connectionOf, objectOf, pageArgs, pageCost, pageOfArgs } from '@trunkline/platform';
import type { Graph, GraphEnum, GraphObject, Reach } from '@trunkline/platform';
import { HOLD_KINDS, TENANT_STATES, effectiveState } from '../core/hold.ts';
import type { HoldKind } from '../core/hold.ts';
import { allotmentOut, usageOut } from './tenants.schema.ts';
import { TenantQueries } from './tenant-queries.ts';
import type { Tenant } from './tenant-queries.ts';

/** Who asks, and tenants. */
@Injectable()
export class TenancyGraphql {
  readonly tenant: GraphObject<Tenant>;
  readonly holdKind: GraphEnum<HoldKind>;

  constructor(@Inject(GRAPH) graph: Graph, queries: TenantQueries) {
    const tenant = graph.objectRef<Tenant>('Tenant');
    this.tenant = tenant;
    this.holdKind = graph.enumType('HoldKind', { values: HOLD_KINDS });
    defineTenant(graph, tenant, this.holdKind, queries);
    const viewer = defineViewer(graph, tenant, queries);
    const page = graph.connectionObject({ type: tenant, name: 'TenantConnection' });
    graph.queryFields((t) => ({
      viewer: t.field({ type: viewer, description: 'Whoever the key or session belongs to', resolve: (_, __, { reach }) => reach }),
      tenants: t.field({
        type: page,
        nullable: true,
        description: 'All tenants for operators, those below it for a reseller (needs tenants:read), the newest first',
        args: pageArgs(t.arg),
        complexity: pageCost,
        resolve: async (_, args, { reach }) =>
          connectionOf(await queries.list(reach.above('tenants:read', 'operator:read'), pageOfArgs(args))),
      }),
    }));
  }
}

const defineTenant = (graph: Graph, tenant: GraphObject<Tenant>, holdKind: GraphEnum<HoldKind>, queries: TenantQueries): void => {
  const state = graph.enumType('TenantState', { values: TENANT_STATES });
  const allotment = objectOf(graph, allotmentOut);
  const usage = objectOf(graph, usageOut);
  graph.node(tenant, {
    id: { resolve: ({ id }) => id },
    loadOne: (id, { reach }) =>
      queries.byId(reach.principal.kind === 'operator' ? reach.operator('operator:read') : reach.tenant('tenant:read'), id),
    fields: (t) => ({
      name: t.exposeString('name'),
      country: t.exposeString('country'),
      currency: t.exposeString('currency'),
      channelsMax: t.exposeInt('channelsMax', { nullable: true, description: 'Calls at one time over all trunks; null for no cap' }),
      parentId: t.id({ nullable: true, resolve: ({ parentId }) => parentId && toPublicId('tenant', parentId) }),
      externalReference: t.exposeString('externalReference', { nullable: true }),
      tags: t.exposeStringList('tags'),
      requestsPerSecMax: t.exposeInt('requestsPerSecMax', {
        nullable: true,
        description: 'Of all its API keys together; null: as everybody',
      }),
      allotment: t.field({ type: allotment, description: 'What it may hold together with all below it', resolve: (of) => of.allotment }),
      usage: t.field({ type: usage, description: 'What it and all below it hold', resolve: (of) => of.usage }),
      state: t.field({ type: state, resolve: ({ holds }) => effectiveState(holds) }),
      holds: t.field({ type: [holdKind], resolve: ({ holds }) => holds.map(({ kind }) => kind) }),
      revision: t.exposeInt('revision'),
      createdAt: t.expose('createdAt', { type: 'DateTime' }),
      updatedAt: t.expose('updatedAt', { type: 'DateTime' }),
    }),
  });
};

const defineViewer = (graph: Graph, tenant: GraphObject<Tenant>, queries: TenantQueries) =>
  graph.objectRef<Reach>('Viewer').implement({
    fields: (t) => ({
      kind: t.field({
        type: graph.enumType('ViewerKind', { values: ['operator', 'tenant', 'person'] as const }),
        resolve: ({ principal }) => principal.kind,
      }),
      scopes: t.stringList({
        description: 'What a tenant’s key may do; an operator’s may do everything',
        resolve: ({ principal }) => (principal.kind === 'tenant' ? principal.scopes : []),
      }),
      tenant: t.field({
        type: tenant,
        nullable: true,
        description: 'The tenant that the request acts for; null for an operator who named none',
        resolve: (reach) => {
          if (reach.principal.kind !== 'tenant' && reach.tenantId === undefined) return null;
          const ctx = reach.tenant('tenant:read');
          return queries.byId(ctx, ctx.tenantId);
        },
      }),
    }),
  });
