import { Inject, Injectable } from '@nestjs/common';
import { GRAPH, above, addItem, addMutation, inputOf } from '@trunkline/platform';
import type { Graph } from '@trunkline/platform';
import { LiftHold } from './lift-hold.ts';
import { PlaceHold } from './place-hold.ts';
import { TenancyGraphql } from './tenancy.graphql.ts';
import { TenantQueries } from './tenant-queries.ts';
import { permitted } from './tenants.http.ts';
import { liftHold, newHold } from './tenants.schema.ts';

const holding = above('tenants:write', 'operator:support');

/** A tenant and its holds, for operators and resellers. */
@Injectable()
export class HoldsGraphql {
  constructor(@Inject(GRAPH) graph: Graph, { tenant: type }: TenancyGraphql, queries: TenantQueries, place: PlaceHold, lift: LiftHold) {
    addItem(graph, 'tenant', above('tenants:read', 'operator:read'), {
      type,
      description: 'A tenant',
      kind: 'tenant',
      find: (ctx, id) => queries.byId(ctx, id),
    });
    addMutation(graph, 'placeHold', holding, {
      type,
      description: 'Stop a tenant’s calls, for one kind of reason',
      ids: { id: 'tenant' },
      input: inputOf(graph, newHold),
      run: async (ctx, { id, input }) => {
        await place.execute(ctx, id, permitted(ctx, input.kind), input.reason, input.stops);
        return queries.byId(ctx, id);
      },
    });
    addMutation(graph, 'liftHold', holding, {
      type,
      description: 'Lift the hold of one kind',
      ids: { id: 'tenant' },
      input: inputOf(graph, liftHold),
      run: async (ctx, { id, input }) => {
        await lift.execute(ctx, id, permitted(ctx, input.kind));
        return queries.byId(ctx, id);
      },
    });
  }
}
