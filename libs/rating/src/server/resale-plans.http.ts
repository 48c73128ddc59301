import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { toPublicId } from '@trunkline/kernel';
import type { AboveContext, TenantContext } from '@trunkline/kernel';
import { Above, Allow, AllowAbove, Problems, Returns, Tenant, idIn, idOut, pageOut, pageQuery, timestampOut } from '@trunkline/platform';
import { z } from 'zod';
import { AllowResale } from './allow-resale.ts';
import type { ResalePlan } from './allow-resale.ts';
import { PlanQueries } from './plan-queries.ts';
import { planOut, planToWire } from './plans.http.ts';

const newResale = z.strictObject({ tenant_id: idIn('tenant'), plan_id: idIn('plan') }).meta({ id: 'NewResalePlan' });
const resaleOut = z
  .strictObject({
    object: z.literal('resale_plan'),
    tenant_id: idOut('tenant'),
    plan_id: idOut('plan'),
    created_at: timestampOut(),
  })
  .meta({ id: 'ResalePlan' });

const toWire = (r: ResalePlan): z.infer<typeof resaleOut> => ({
  object: 'resale_plan',
  tenant_id: toPublicId('tenant', r.tenantId),
  plan_id: toPublicId('plan', r.planId),
  created_at: r.createdAt.toISOString(),
});

const page = z.strictObject(pageQuery);

/** Which plans a reseller may assign to tenants below it. */
@ApiTags('Prices')
@Controller('v1/resale-plans')
export class ResalePlansController {
  constructor(
    private readonly allow: AllowResale,
    private readonly queries: PlanQueries,
  ) {}

  @Post()
  @AllowAbove('tenants:write')
  @ApiOperation({ operationId: 'allowResale', summary: 'Let a reseller assign a plan to tenants below it' })
  @Returns(201, resaleOut, 'Allowed')
  @Problems(400, 403, 409, 422)
  async post(@Above() ctx: AboveContext, @Body({ schema: newResale }) body: z.infer<typeof newResale>) {
    return toWire(await this.allow.execute(ctx, body.tenant_id, body.plan_id));
  }

  @Get()
  @Allow('tenants:read')
  @ApiOperation({ operationId: 'listResalePlans', summary: 'List the plans that this tenant may assign to tenants below it' })
  @Returns(200, pageOut(planOut, 'PlanPage'), 'A page')
  @Problems(400, 403)
  async list(@Tenant() ctx: TenantContext, @Query({ schema: page }) query: z.infer<typeof page>) {
    const { data, nextCursor } = await this.queries.resalePlans(ctx, query);
    return { data: data.map(planToWire), next_cursor: nextCursor };
  }

  @Delete(':tenant_id/:plan_id')
  @HttpCode(204)
  @AllowAbove('tenants:write')
  @ApiOperation({ operationId: 'revokeResale', summary: 'Take a plan back from a reseller and all below it; tenants that have it keep it' })
  @ApiResponse({ status: 204, description: 'Taken back' })
  @Problems(403, 404)
  async delete(
    @Above() ctx: AboveContext,
    @Param('tenant_id', { schema: idIn('tenant') }) tenantId: string,
    @Param('plan_id', { schema: idIn('plan') }) planId: string,
  ): Promise<void> {
    await this.allow.revoke(ctx, tenantId, planId);
  }
}
