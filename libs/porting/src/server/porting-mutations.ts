import { camelKeys } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { addMutation, inputOf, scoped } from '@trunkline/platform';
import type { Graph, GraphObject } from '@trunkline/platform';
import type { z } from 'zod';
import type { EntryData } from '../core/port-history.ts';
import type { CheckPortProject } from './check-port-project.ts';
import type { CommandPortOrder, PortOrderCommand } from './command-port-order.ts';
import type { CreatePortProject } from './create-port-project.ts';
import type { PortQueries } from './port-queries.ts';
import {
  createdPortProjectToWire,
  newPortProject,
  portOrderChange,
  portOrderToWire,
  portProjectToWire,
  portReason,
  portSchedule,
  portSubmission,
} from './porting.schema.ts';
import type { createdPortProject, portOrderOut, portProjectOut } from './porting.schema.ts';
import type { SubmitPortProject } from './submit-port-project.ts';
import type { UpdatePortOrder } from './update-port-order.ts';

const writes = scoped('porting:write');

type Types = {
  readonly created: GraphObject<z.infer<typeof createdPortProject>>;
  readonly project: GraphObject<z.infer<typeof portProjectOut>>;
  readonly order: GraphObject<z.infer<typeof portOrderOut>>;
};
type UseCases = {
  readonly queries: PortQueries;
  readonly create: CreatePortProject;
  readonly check: CheckPortProject;
  readonly submit: SubmitPortProject;
  readonly update: UpdatePortOrder;
  readonly commands: CommandPortOrder;
};

/** All that a tenant can do with ports, by the names of REST. */
export const addPortMutations = (graph: Graph, types: Types, useCases: UseCases): void => {
  addProjectMutations(graph, types, useCases);
  addOrderMutations(graph, types.order, useCases);
};

const addProjectMutations = (graph: Graph, { created, project: type }: Types, { queries, create, check, submit }: UseCases): void => {
  const told = async (ctx: TenantContext, id: string) => portProjectToWire(await queries.project(ctx, id));
  addMutation(graph, 'createPortProject', writes, {
    ...{ type: created, description: 'Draft the port of numbers from another carrier', input: inputOf(graph, newPortProject) },
    run: async (ctx, { input: { fields, ...body } }) => {
      const { id, webhook } = await create.execute(ctx, { ...camelKeys(body), fields });
      return createdPortProjectToWire(await queries.project(ctx, id), webhook);
    },
  });
  addMutation(graph, 'checkPortProject', writes, {
    ...{ type, description: 'Ask whether the drafted numbers can be ported, and sort them into orders', ids: { id: 'portProject' } },
    run: (ctx, { id }) => check.execute(ctx, id).then(() => told(ctx, id)),
  });
  addMutation(graph, 'submitPortProject', writes, {
    ...{
      type,
      description: 'Submit all orders of a project, for one date',
      ids: { id: 'portProject' },
      input: inputOf(graph, portSubmission),
    },
    run: (ctx, { id, input }) => submit.execute(ctx, id, input.requested_foc_at).then(() => told(ctx, id)),
  });
};

const addOrderMutations = (graph: Graph, type: Types['order'], { queries, update, commands }: UseCases): void => {
  const ids = { id: 'portOrder' } as const;
  const told = async (ctx: TenantContext, id: string) => portOrderToWire(await queries.order(ctx, id));
  const given = (ctx: TenantContext, id: string, command: PortOrderCommand, data: EntryData = {}) =>
    commands.execute(ctx, id, command, data).then(() => told(ctx, id));
  addMutation(graph, 'updatePortOrder', writes, {
    ...{ type, description: 'Correct a port order: the account, or the numbers of a draft', ids, input: inputOf(graph, portOrderChange) },
    run: (ctx, { id, input }) => update.execute(ctx, id, input).then(() => told(ctx, id)),
  });
  addMutation(graph, 'reschedulePortOrder', writes, {
    ...{ type, description: 'Ask for another firm date', ids, input: inputOf(graph, portSchedule) },
    run: (ctx, { id, input }) => given(ctx, id, 'reschedule', { requestedFocAt: input.requested_foc_at.toISOString() }),
  });
  addMutation(graph, 'reversePortOrder', writes, {
    ...{ type, description: 'Ask that numbers go back to the carrier they came from', ids, input: inputOf(graph, portReason) },
    run: (ctx, { id, input: { reason } }) => given(ctx, id, 'reverse', { reason }),
  });
  const plain = [
    ['resubmitPortOrder', 'resubmit', 'Send what was corrected to the carrier that refused it'],
    ['activatePortOrder', 'activate_now', 'Have the numbers come now'],
    ['cancelPortOrder', 'cancel', 'Cancel a port order; once the carrier has it, that is the carrier’s to accept'],
  ] as const;
  for (const [name, command, description] of plain)
    addMutation(graph, name, writes, { type, description, ids, run: (ctx, { id }) => given(ctx, id, command) });
};
