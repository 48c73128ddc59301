import { Inject, Injectable } from '@nestjs/common';
import { camelKeys, toPublicId } from '@trunkline/kernel';
import { GRAPH, addItem, addMutation, inputOf, objectOf, scoped } from '@trunkline/platform';
import type { Graph } from '@trunkline/platform';
import { RegistrarQueries } from './registrar-queries.ts';
import { registrarIn, registrarOut, registrarToWire } from './registrar.schema.ts';
import { RemoveRegistrar } from './remove-registrar.ts';
import { SetRegistrar } from './set-registrar.ts';

/** Where edges register trunks. */
@Injectable()
export class RegistrarGraphql {
  constructor(@Inject(GRAPH) graph: Graph, queries: RegistrarQueries, set: SetRegistrar, remove: RemoveRegistrar) {
    const type = objectOf(graph, registrarOut);
    const changes = scoped('trunks:write');
    addItem(graph, 'registrar', scoped('trunks:read'), {
      type,
      description: 'Where an edge registers a trunk, and how that stands',
      kind: 'trunk',
      find: async (ctx, id) => registrarToWire(await queries.of(ctx, id)),
    });
    addMutation(graph, 'setRegistrar', changes, {
      type,
      description: 'Have an edge register a trunk at a PBX or a carrier',
      ids: { trunkId: 'trunk' },
      input: inputOf(graph, registrarIn),
      run: async (ctx, { trunkId, input }) => {
        await set.execute(ctx, trunkId, camelKeys(input));
        return registrarToWire(await queries.of(ctx, trunkId));
      },
    });
    addMutation(graph, 'removeRegistrar', changes, {
      type: 'ID',
      description: 'Have a trunk’s registration taken back',
      ids: { trunkId: 'trunk' },
      run: async (ctx, { trunkId }) => {
        await remove.execute(ctx, trunkId);
        return toPublicId('trunk', trunkId);
      },
    });
  }
}
