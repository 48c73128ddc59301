import { Body, Controller, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { TenantContext } from '@trunkline/kernel';
import { Allow, Problems, Reached, Returns, Tenant } from '@trunkline/platform';
import type { Reach } from '@trunkline/platform';
import { callSimulationOut, imaginedOf, newCallSimulation, simulationToWire } from './call-simulations.schema.ts';
import type { NewCallSimulationBody } from './call-simulations.schema.ts';
import { ReplayCall } from './replay-call.ts';
import { SimulateCall } from './simulate-call.ts';

@ApiTags('Calls')
@Controller('v1/call-simulations')
export class CallSimulationsController {
  constructor(
    private readonly simulate: SimulateCall,
    private readonly replay: ReplayCall,
  ) {}

  @Post()
  @Allow('calls:read')
  @ApiOperation({
    operationId: 'simulateCall',
    summary: 'Decide on a call as an edge would, and say why; nothing is called, stored or charged',
    description:
      'By the very decision that edges run, over the entries that they are sent. `call_id` decides on a stored call again, as it would be decided now: over which transport it came and what it asserted is not kept, so it is taken as that would have let it pass.',
  })
  @Returns(200, callSimulationOut, 'What would become of the call')
  @Problems(400, 403, 404, 409, 422)
  async post(@Tenant() ctx: TenantContext, @Reached() reach: Reach, @Body({ schema: newCallSimulation }) body: NewCallSimulationBody) {
    const everything = reach.principal.kind === 'operator';
    const { call_id: callId } = body;
    if (callId !== undefined) return simulationToWire(await this.replay.execute(ctx, callId, everything), everything);
    return simulationToWire(await this.simulate.execute(ctx, imaginedOf(body), everything), everything);
  }
}
