import { camelKeys } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { addMutation, inputOf, scoped } from '@trunkline/platform';
import type { Graph, GraphObject } from '@trunkline/platform';
import type { z } from 'zod';
import type { DecidePortOut } from './decide-port-out.ts';
import type { PortOutQueries } from './port-out-queries.ts';
import {
  portOutDispute,
  portOutPolicyChange,
  portOutPolicyToWire,
  portOutProtectionChange,
  portOutProtectionToWire,
  portOutRejection,
  portOutToWire,
} from './port-outs.schema.ts';
import type { portOutOut, portOutPolicyOut, portOutProtectionOut } from './port-outs.schema.ts';
import type { PolicyChange, ProtectNumbers, ProtectionChange } from './protect-numbers.ts';

const writes = scoped('porting:write');

type Types = {
  readonly portOut: GraphObject<z.infer<typeof portOutOut>>;
  readonly policy: GraphObject<z.infer<typeof portOutPolicyOut>>;
  readonly protection: GraphObject<z.infer<typeof portOutProtectionOut>>;
};
type UseCases = { readonly queries: PortOutQueries; readonly decide: DecidePortOut; readonly protect: ProtectNumbers };

/** All that a tenant can do about numbers that leave, by the names of REST. */
export const addPortOutMutations = (graph: Graph, { portOut: type, ...types }: Types, { queries, decide, protect }: UseCases): void => {
  const ids = { id: 'portOut' } as const;
  const told = async (ctx: TenantContext, id: string) => portOutToWire(await queries.byId(ctx, id));
  addMutation(graph, 'authorizePortOut', writes, {
    ...{ type, description: 'Let numbers leave', ids },
    run: (ctx, { id }) => decide.answer(ctx, id, { kind: 'authorize' }).then(() => told(ctx, id)),
  });
  addMutation(graph, 'rejectPortOut', writes, {
    ...{ type, description: 'Keep numbers, for a reason that a number may be kept for', ids, input: inputOf(graph, portOutRejection) },
    run: (ctx, { id, input }) => decide.answer(ctx, id, { kind: 'reject', ...input }).then(() => told(ctx, id)),
  });
  addMutation(graph, 'disputePortOut', writes, {
    ...{ type, description: 'Ask numbers back that should not have left, within 72 hours', ids, input: inputOf(graph, portOutDispute) },
    run: (ctx, { id, input }) => decide.dispute(ctx, id, input.reason).then(() => told(ctx, id)),
  });
  addMutation(graph, 'updatePortOutPolicy', writes, {
    ...{ type: types.policy, description: 'Change what requests for numbers are answered by', input: inputOf(graph, portOutPolicyChange) },
    run: async (ctx, { input }) => portOutPolicyToWire(await protect.changePolicy(ctx, camelKeys(input) as PolicyChange)),
  });
  addMutation(graph, 'updatePortOutProtection', writes, {
    ...{ type: types.protection, description: 'Give the number with that id a PIN or a lock of its own', ids: { id: 'number' } as const },
    input: inputOf(graph, portOutProtectionChange),
    run: async (ctx, { id, input }) => portOutProtectionToWire(await protect.change(ctx, id, input as ProtectionChange)),
  });
};
