import { Inject, Injectable } from '@nestjs/common';
import type { TenantContext } from '@trunkline/kernel';
import { GRAPH, addItem, addMutation, addValue, inputOf, objectOf, scoped } from '@trunkline/platform';
import type { Graph, GraphObject } from '@trunkline/platform';
import { ProvisioningView, TrunksGraphql, shown } from '@trunkline/trunks/server';
import type { Provisioning } from '@trunkline/trunks/server';
import type { DisasterPlan } from './disaster-plan-queries.ts';
import { DisasterPlanQueries } from './disaster-plan-queries.ts';
import {
  disasterPlanIn,
  disasterPlanOut,
  disasterPlanToWire,
  numberRoutingIn,
  numberRoutingOut,
  numberRoutingToWire,
  routingSettings,
} from './inbound-routing.schema.ts';
import { NumberRoutingQueries } from './number-routing-queries.ts';
import { SetDisasterPlan } from './set-disaster-plan.ts';
import { SetNumberRouting } from './set-number-routing.ts';
import { SwitchDisasterPlan } from './switch-disaster-plan.ts';

const reads = scoped('numbers:read');
const writes = scoped('numbers:write');

/** What takes a number's calls, and where all go in a disaster. */
@Injectable()
export class NumberRoutingGraphql {
  constructor(
    @Inject(GRAPH) graph: Graph,
    routing: NumberRoutingQueries,
    setRouting: SetNumberRouting,
    plans: DisasterPlanQueries,
    setPlan: SetDisasterPlan,
    turn: SwitchDisasterPlan,
    view: ProvisioningView,
    trunks: TrunksGraphql,
  ) {
    const routed = objectOf(graph, numberRoutingOut);
    addItem(graph, 'numberRouting', reads, {
      ...{ type: routed, description: 'What takes the calls of the number with that id', kind: 'number' },
      find: async (ctx, id) => numberRoutingToWire(await routing.ofNumber(ctx, id)),
    });
    addMutation(graph, 'setNumberRouting', writes, {
      ...{ type: routed, description: 'Say what takes a number’s calls instead of its trunk’s routes', ids: { id: 'number' } },
      input: inputOf(graph, numberRoutingIn),
      run: async (ctx, { id, input }) => numberRoutingToWire(await setRouting.execute(ctx, id, routingSettings(input))),
    });
    const node = (tenantId: string, plan: DisasterPlan, found: Provisioning | undefined) => ({
      ...disasterPlanToWire(tenantId, plan, found),
      shown: shown(plan.revision, found),
    });
    const nodeOf = async (ctx: TenantContext, plan: DisasterPlan) =>
      node(ctx.tenantId, plan, (await view.of(ctx, 'disaster_plan', [{ id: ctx.tenantId, revision: plan.revision }])).get(ctx.tenantId));
    const type = objectOf(graph, disasterPlanOut, { without: ['provisioning'] }) as unknown as GraphObject<ReturnType<typeof node>>;
    graph.objectField(type, 'provisioning', (t) => t.field({ type: trunks.provisioning, resolve: (one) => one.shown }));
    addValue(graph, 'disasterPlan', reads, {
      ...{ type, description: 'Where all inbound calls go in a disaster' },
      find: async (ctx) => nodeOf(ctx, await plans.of(ctx)),
    });
    addMutation(graph, 'setDisasterPlan', writes, {
      ...{ type, description: 'Say where all inbound calls go in a disaster', input: inputOf(graph, disasterPlanIn) },
      run: async (ctx, { input }) => nodeOf(ctx, await setPlan.execute(ctx, input.inbound_group_id)),
    });
    addMutation(graph, 'activateDisasterPlan', writes, {
      ...{ type, description: 'Send all inbound calls where the disaster plan says' },
      run: async (ctx) => nodeOf(ctx, await turn.execute(ctx, true)),
    });
    addMutation(graph, 'deactivateDisasterPlan', writes, {
      ...{ type, description: 'Send inbound calls where they go without the disaster plan' },
      run: async (ctx) => nodeOf(ctx, await turn.execute(ctx, false)),
    });
  }
}
