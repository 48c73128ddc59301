import { Inject, Injectable } from '@nestjs/common';
import { GRAPH, addItem, objectOf, operatorReads } from '@trunkline/platform';
import type { Graph } from '@trunkline/platform';
import { AllowListQueries } from './allow-list-queries.ts';
import { allowEntryOut, allowEntryToWire } from './edge-allow-list.http.ts';
import { EdgeScopeQueries } from './edge-scope-queries.ts';
import { edgeScope, edgeScopeToWire } from './edge-scopes.http.ts';
import { TenantHomeQueries } from './tenant-home-queries.ts';
import { tenantHome, tenantHomeToWire } from './tenant-homes.http.ts';

/** What edges share, whom they never ban, and where tenants are at home; for operators. */
@Injectable()
export class EdgePolicyGraphql {
  constructor(@Inject(GRAPH) graph: Graph, allowed: AllowListQueries, scopes: EdgeScopeQueries, homes: TenantHomeQueries) {
    graph.queryFields((t) => ({
      edgeAllowEntries: t.field({
        type: [objectOf(graph, allowEntryOut)],
        nullable: true,
        description: 'What is never banned, all of it; for operators',
        resolve: async (_, __, { reach }) => (await allowed.list(reach.operator('operator:read'))).map(allowEntryToWire),
      }),
      edgeScope: t.field({
        type: objectOf(graph, edgeScope, { large: ['version'] }),
        nullable: true,
        description: 'What a group of edges shares, and how its last sweep went; for operators',
        args: { scope: t.arg.string({ required: true, description: 'Its name, e.g. main' }) },
        resolve: async (_, { scope }, { reach }) => edgeScopeToWire(await scopes.byName(reach.operator('operator:read'), scope)),
      }),
    }));
    addItem(graph, 'tenantHome', operatorReads, {
      type: objectOf(graph, tenantHome),
      description: 'The edge that carries the calls of the tenant with that id',
      kind: 'tenant',
      find: async (ctx, id) => tenantHomeToWire(await homes.of(ctx, id)),
    });
  }
}
