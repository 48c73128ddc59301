import { Inject, Injectable } from '@nestjs/common';
import { GRAPH, addMutation, inputOf, objectOf, scoped } from '@trunkline/platform';
import type { Graph } from '@trunkline/platform';
import { callSimulationOut, imaginedOf, newCallSimulation, simulationToWire } from './call-simulations.schema.ts';
import { ReplayCall } from './replay-call.ts';
import { SimulateCall } from './simulate-call.ts';

/** Decides on calls that are not made. It changes nothing: a mutation like its operation of REST, because what it takes may be anything. */
@Injectable()
export class CallSimulationGraphql {
  constructor(@Inject(GRAPH) graph: Graph, simulate: SimulateCall, replay: ReplayCall) {
    addMutation(graph, 'simulateCall', scoped('calls:read'), {
      type: objectOf(graph, callSimulationOut),
      description: 'Decide on a call as an edge would, and say why; nothing is called, stored or charged',
      input: inputOf(graph, newCallSimulation),
      run: async (ctx, { input }) =>
        simulationToWire(
          input.call_id === undefined
            ? await simulate.execute(ctx, imaginedOf(input), false)
            : await replay.execute(ctx, input.call_id, false),
          false,
        ),
    });
  }
}
