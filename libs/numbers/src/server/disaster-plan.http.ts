import { Body, Controller, Get, Post, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { TenantContext } from '@trunkline/kernel';
import { Allow, HeedsIfMatch, Problems, Returns, Tenant } from '@trunkline/platform';
import { ProvisioningView } from '@trunkline/trunks/server';
import type { z } from 'zod';
import type { DisasterPlan } from './disaster-plan-queries.ts';
import { DisasterPlanQueries } from './disaster-plan-queries.ts';
import { disasterPlanIn, disasterPlanOut, disasterPlanToWire } from './inbound-routing.schema.ts';
import { SetDisasterPlan } from './set-disaster-plan.ts';
import { SwitchDisasterPlan } from './switch-disaster-plan.ts';

@ApiTags('Inbound routing')
@Controller('v1/disaster-plan')
export class DisasterPlanController {
  constructor(
    private readonly set: SetDisasterPlan,
    private readonly turn: SwitchDisasterPlan,
    private readonly queries: DisasterPlanQueries,
    private readonly provisioning: ProvisioningView,
  ) {}

  @Get()
  @Allow('numbers:read')
  @ApiOperation({ operationId: 'getDisasterPlan', summary: 'Get where all inbound calls go in a disaster' })
  @Returns(200, disasterPlanOut, 'The plan')
  @Problems(403, 404)
  async get(@Tenant() ctx: TenantContext) {
    return this.resource(ctx, await this.queries.of(ctx));
  }

  @Put()
  @Allow('numbers:write')
  @HeedsIfMatch()
  @ApiOperation({ operationId: 'setDisasterPlan', summary: 'Say where all inbound calls go in a disaster' })
  @Returns(200, disasterPlanOut, 'The plan')
  @Problems(400, 403)
  async put(@Tenant() ctx: TenantContext, @Body({ schema: disasterPlanIn }) body: z.infer<typeof disasterPlanIn>) {
    return this.resource(ctx, await this.set.execute(ctx, body.inbound_group_id));
  }

  @Post('activate')
  @Allow('numbers:write')
  @HeedsIfMatch()
  @ApiOperation({ operationId: 'activateDisasterPlan', summary: 'Send all inbound calls where the disaster plan says; new calls, at once' })
  @Returns(200, disasterPlanOut, 'The plan, active')
  @Problems(403, 404, 409, 422)
  async activate(@Tenant() ctx: TenantContext) {
    return this.resource(ctx, await this.turn.execute(ctx, true));
  }

  @Post('deactivate')
  @Allow('numbers:write')
  @HeedsIfMatch()
  @ApiOperation({ operationId: 'deactivateDisasterPlan', summary: 'Send inbound calls where they go without the disaster plan' })
  @Returns(200, disasterPlanOut, 'The plan, not active')
  @Problems(403, 404, 409, 422)
  async deactivate(@Tenant() ctx: TenantContext) {
    return this.resource(ctx, await this.turn.execute(ctx, false));
  }

  private async resource(ctx: TenantContext, plan: DisasterPlan) {
    const found = await this.provisioning.of(ctx, 'disaster_plan', [{ id: ctx.tenantId, revision: plan.revision }]);
    return disasterPlanToWire(ctx.tenantId, plan, found.get(ctx.tenantId));
  }
}
