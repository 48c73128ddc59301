import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { camelKeys, toPublicId } from '@trunkline/kernel';
import type { AboveContext } from '@trunkline/kernel';
import { Above, AllowAbove, CanDryRun, Problems, Returns, idIn, idOut, pageOut, pageQuery, timestampOut } from '@trunkline/platform';
import { z } from 'zod';
import { AssignPlan } from './assign-plan.ts';
import type { PlanAssignment } from './assign-plan.ts';
import { PlanQueries } from './plan-queries.ts';

const newAssignment = z
  .strictObject({
    tenant_id: idIn('tenant'),
    plan_id: idIn('plan'),
    from: z.iso
      .datetime({ offset: true })
      .transform((t) => new Date(t))
      .optional()
      .describe('The plan’s prices hold from then on; now when absent'),
  })
  .meta({ id: 'NewPlanAssignment' });
export const assignmentOut = z
  .strictObject({
    id: idOut('planAssignment'),
    object: z.literal('plan_assignment'),
    tenant_id: idOut('tenant'),
    plan_id: idOut('plan'),
    from: timestampOut(),
    created_at: timestampOut(),
  })
  .meta({ id: 'PlanAssignment' });

export const assignmentToWire = (a: PlanAssignment): z.infer<typeof assignmentOut> => ({
  id: toPublicId('planAssignment', a.id),
  object: 'plan_assignment',
  tenant_id: toPublicId('tenant', a.tenantId),
  plan_id: toPublicId('plan', a.planId),
  from: a.from.toISOString(),
  created_at: a.createdAt.toISOString(),
});

export const assignmentQuery = z.strictObject({ ...pageQuery, tenant_id: idIn('tenant').optional() });

@ApiTags('Prices')
@Controller('v1/plan-assignments')
export class PlanAssignmentsController {
  constructor(
    private readonly assign: AssignPlan,
    private readonly queries: PlanQueries,
  ) {}

  @Post()
  @AllowAbove('tenants:write')
  @CanDryRun()
  @ApiOperation({ operationId: 'assignPlan', summary: 'Give a tenant a plan from an instant on' })
  @Returns(201, assignmentOut, 'Assigned')
  @Problems(400, 403, 409, 422)
  async post(@Above() ctx: AboveContext, @Body({ schema: newAssignment }) body: z.infer<typeof newAssignment>) {
    return assignmentToWire(await this.assign.execute(ctx, camelKeys(body)));
  }

  @Get()
  @AllowAbove('tenants:read')
  @ApiOperation({ operationId: 'listPlanAssignments', summary: 'List which tenant had which plan' })
  @Returns(200, pageOut(assignmentOut, 'PlanAssignmentPage'), 'A page')
  @Problems(400, 403)
  async list(@Above() ctx: AboveContext, @Query({ schema: assignmentQuery }) query: z.infer<typeof assignmentQuery>) {
    const { data, nextCursor } = await this.queries.assignments(ctx, camelKeys(query));
    return { data: data.map(assignmentToWire), next_cursor: nextCursor };
  }
}
