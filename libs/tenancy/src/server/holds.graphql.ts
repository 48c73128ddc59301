import { Inject, Injectable } from '@nestjs/common';
import { GRAPH, addItem, addMutation, inputOf, operatorOnly } from '@trunkline/platform';
import type { Graph } from '@trunkline/platform';
import { LiftHold } from './lift-hold.ts';
import { PlaceHold } from './place-hold.ts';
import { TenancyGraphql } from './tenancy.graphql.ts';
import { TenantQueries } from './tenant-queries.ts';
import { liftHold, newHold } from './tenants.http.ts';

/** A tenant and its holds, for operators. */
@Injectable()
export class HoldsGraphql {
  constructor(
    @Inject(GRAPH) graph: Graph,
    { tenant: type, holdKind: kind }: TenancyGraphql,
    queries: TenantQueries,
    place: PlaceHold,
    lift: LiftHold,
  ) {
    addItem(graph, 'tenant', operatorOnly, {
      type,
      description: 'A tenant',
      kind: 'tenant',
      find: (ctx, id) => queries.byId(ctx, id),
    });
    addMutation(graph, 'placeHold', operatorOnly, {
      type,
      description: 'Stop a tenant’s calls, for one kind of reason',
      ids: { id: 'tenant' },
      input: inputOf(graph, newHold, { kind }),
      run: async (ctx, { id, input }) => {
        await queries.byId(ctx, id);
        await place.execute(ctx, id, input.kind, input.reason);
        return queries.byId(ctx, id);
      },
    });
    addMutation(graph, 'liftHold', operatorOnly, {
      type,
      description: 'Lift the hold of one kind',
      ids: { id: 'tenant' },
      input: inputOf(graph, liftHold, { kind }),
      run: async (ctx, { id, input }) => {
        await queries.byId(ctx, id);
        await lift.execute(ctx, id, input.kind);
        return queries.byId(ctx, id);
      },
    });
  }
}
