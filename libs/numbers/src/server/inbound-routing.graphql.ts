import { Inject, Injectable } from '@nestjs/common';
import { toPublicId } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { GRAPH, addItem, addList, addMutation, inputOf, objectOf, scoped } from '@trunkline/platform';
import type { Graph, GraphObject } from '@trunkline/platform';
import { ProvisioningView, TrunksGraphql, shown } from '@trunkline/trunks/server';
import type { Provisioning } from '@trunkline/trunks/server';
import type { InboundGroup, InboundGroupSettings } from '../core/inbound-group.ts';
import type { InboundSchedule, ScheduleSettings } from '../core/inbound-schedule.ts';
import { CreateInboundGroup } from './create-inbound-group.ts';
import { CreateInboundSchedule } from './create-inbound-schedule.ts';
import { DeleteInboundGroup } from './delete-inbound-group.ts';
import { DeleteInboundSchedule } from './delete-inbound-schedule.ts';
import { InboundGroupQueries } from './inbound-group-queries.ts';
import {
  groupSettings,
  inboundGroupChange,
  inboundGroupOut,
  inboundGroupToWire,
  inboundScheduleChange,
  inboundScheduleOut,
  inboundScheduleToWire,
  newInboundGroup,
  newInboundSchedule,
  scheduleSettings,
} from './inbound-routing.schema.ts';
import { InboundScheduleQueries } from './inbound-schedule-queries.ts';
import { UpdateInboundGroup } from './update-inbound-group.ts';
import { UpdateInboundSchedule } from './update-inbound-schedule.ts';

const reads = scoped('numbers:read');
const writes = scoped('numbers:write');

/** Inbound groups. */
@Injectable()
export class InboundGroupsGraphql {
  constructor(
    @Inject(GRAPH) graph: Graph,
    queries: InboundGroupQueries,
    create: CreateInboundGroup,
    update: UpdateInboundGroup,
    remove: DeleteInboundGroup,
    view: ProvisioningView,
    trunks: TrunksGraphql,
  ) {
    const node = (group: InboundGroup, found?: Provisioning) => ({
      ...inboundGroupToWire(group, found),
      shown: shown(group.revision, found),
    });
    const nodeOf = async (ctx: TenantContext, group: InboundGroup) =>
      node(group, (await view.of(ctx, 'inbound_group', [group])).get(group.id));
    const type = objectOf(graph, inboundGroupOut, { without: ['provisioning'] }) as unknown as GraphObject<ReturnType<typeof node>>;
    graph.objectField(type, 'provisioning', (t) => t.field({ type: trunks.provisioning, resolve: (one) => one.shown }));
    const ids = { id: 'inboundGroup' } as const;
    addItem(graph, 'inboundGroup', reads, {
      ...{ type, description: 'An inbound group', kind: 'inboundGroup' },
      find: async (ctx, id) => nodeOf(ctx, await queries.byId(ctx, id)),
    });
    addList(graph, 'inboundGroups', reads, {
      ...{ type, description: 'Inbound groups, the newest first' },
      list: async (ctx, query) => {
        const { data, nextCursor } = await queries.list(ctx, query);
        const found = await view.of(ctx, 'inbound_group', data);
        return { data: data.map((g) => ({ ...g, node: node(g, found.get(g.id)) })), nextCursor };
      },
      toNode: (one) => one.node,
    });
    addMutation(graph, 'createInboundGroup', writes, {
      ...{ type, description: 'Create a group of targets that take inbound calls', input: inputOf(graph, newInboundGroup) },
      run: async (ctx, { input }) => node(await create.execute(ctx, groupSettings(input) as InboundGroupSettings)),
    });
    addMutation(graph, 'updateInboundGroup', writes, {
      ...{ type, description: 'Change an inbound group', ids, input: inputOf(graph, inboundGroupChange) },
      run: async (ctx, { id, input }) => nodeOf(ctx, await update.execute(ctx, id, groupSettings(input))),
    });
    addMutation(graph, 'deleteInboundGroup', writes, {
      ...{ type: 'ID', description: 'Delete an inbound group that nothing names', ids },
      run: async (ctx, { id }) => {
        await remove.execute(ctx, id);
        return toPublicId('inboundGroup', id);
      },
    });
  }
}

/** Inbound schedules. */
@Injectable()
export class InboundSchedulesGraphql {
  constructor(
    @Inject(GRAPH) graph: Graph,
    queries: InboundScheduleQueries,
    create: CreateInboundSchedule,
    update: UpdateInboundSchedule,
    remove: DeleteInboundSchedule,
    view: ProvisioningView,
    trunks: TrunksGraphql,
  ) {
    const node = (schedule: InboundSchedule, found?: Provisioning) => ({
      ...inboundScheduleToWire(schedule, found),
      shown: shown(schedule.revision, found),
    });
    const nodeOf = async (ctx: TenantContext, schedule: InboundSchedule) =>
      node(schedule, (await view.of(ctx, 'inbound_schedule', [schedule])).get(schedule.id));
    const type = objectOf(graph, inboundScheduleOut, { without: ['provisioning'] }) as unknown as GraphObject<ReturnType<typeof node>>;
    graph.objectField(type, 'provisioning', (t) => t.field({ type: trunks.provisioning, resolve: (one) => one.shown }));
    const ids = { id: 'inboundSchedule' } as const;
    addItem(graph, 'inboundSchedule', reads, {
      ...{ type, description: 'An inbound schedule', kind: 'inboundSchedule' },
      find: async (ctx, id) => nodeOf(ctx, await queries.byId(ctx, id)),
    });
    addList(graph, 'inboundSchedules', reads, {
      ...{ type, description: 'Inbound schedules, the newest first' },
      list: async (ctx, query) => {
        const { data, nextCursor } = await queries.list(ctx, query);
        const found = await view.of(ctx, 'inbound_schedule', data);
        return { data: data.map((s) => ({ ...s, node: node(s, found.get(s.id)) })), nextCursor };
      },
      toNode: (one) => one.node,
    });
    addMutation(graph, 'createInboundSchedule', writes, {
      ...{ type, description: 'Create a schedule that chooses between inbound groups by the time of day' },
      input: inputOf(graph, newInboundSchedule),
      run: async (ctx, { input }) => node(await create.execute(ctx, scheduleSettings(input) as ScheduleSettings)),
    });
    addMutation(graph, 'updateInboundSchedule', writes, {
      ...{ type, description: 'Change an inbound schedule', ids, input: inputOf(graph, inboundScheduleChange) },
      run: async (ctx, { id, input }) => nodeOf(ctx, await update.execute(ctx, id, scheduleSettings(input))),
    });
    addMutation(graph, 'deleteInboundSchedule', writes, {
      ...{ type: 'ID', description: 'Delete an inbound schedule that no number follows', ids },
      run: async (ctx, { id }) => {
        await remove.execute(ctx, id);
        return toPublicId('inboundSchedule', id);
      },
    });
  }
}
