import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { TenantContext } from '@trunkline/kernel';
import { Allow, CanDryRun, HeedsIfMatch, Problems, Returns, Tenant, idIn, pageOut, pageQuery } from '@trunkline/platform';
import { ProvisioningView } from '@trunkline/trunks/server';
import { z } from 'zod';
import type { InboundSchedule, ScheduleSettings } from '../core/inbound-schedule.ts';
import { CreateInboundSchedule } from './create-inbound-schedule.ts';
import { DeleteInboundSchedule } from './delete-inbound-schedule.ts';
import { InboundScheduleQueries } from './inbound-schedule-queries.ts';
import {
  scheduleSettings,
  inboundScheduleChange,
  inboundScheduleOut,
  inboundScheduleToWire,
  newInboundSchedule,
} from './inbound-routing.schema.ts';
import { UpdateInboundSchedule } from './update-inbound-schedule.ts';

const page = z.strictObject(pageQuery);
const id = idIn('inboundSchedule');

@ApiTags('Inbound routing')
@Controller('v1/inbound-schedules')
export class InboundSchedulesController {
  constructor(
    private readonly create: CreateInboundSchedule,
    private readonly update: UpdateInboundSchedule,
    private readonly remove: DeleteInboundSchedule,
    private readonly queries: InboundScheduleQueries,
    private readonly provisioning: ProvisioningView,
  ) {}

  @Post()
  @Allow('numbers:write')
  @CanDryRun()
  @ApiOperation({
    operationId: 'createInboundSchedule',
    summary: 'Create a schedule that chooses between inbound groups by the time of day',
  })
  @Returns(201, inboundScheduleOut, 'Created')
  @Problems(400, 403, 409, 422)
  async post(@Tenant() ctx: TenantContext, @Body({ schema: newInboundSchedule }) body: z.infer<typeof newInboundSchedule>) {
    return inboundScheduleToWire(await this.create.execute(ctx, scheduleSettings(body) as ScheduleSettings), undefined);
  }

  @Get()
  @Allow('numbers:read')
  @ApiOperation({ operationId: 'listInboundSchedules', summary: 'List inbound schedules' })
  @Returns(200, pageOut(inboundScheduleOut, 'InboundSchedulePage'), 'A page')
  @Problems(400, 403)
  async list(@Tenant() ctx: TenantContext, @Query({ schema: page }) query: z.infer<typeof page>) {
    const { data, nextCursor } = await this.queries.list(ctx, query);
    return { data: await this.resources(ctx, data), next_cursor: nextCursor };
  }

  @Get(':id')
  @Allow('numbers:read')
  @ApiOperation({ operationId: 'getInboundSchedule', summary: 'Get an inbound schedule' })
  @Returns(200, inboundScheduleOut, 'The schedule')
  @Problems(403, 404)
  async get(@Tenant() ctx: TenantContext, @Param('id', { schema: id }) scheduleId: string) {
    return (await this.resources(ctx, [await this.queries.byId(ctx, scheduleId)]))[0];
  }

  @Patch(':id')
  @Allow('numbers:write')
  @HeedsIfMatch()
  @CanDryRun()
  @ApiOperation({ operationId: 'updateInboundSchedule', summary: 'Change an inbound schedule, for all numbers that follow it' })
  @Returns(200, inboundScheduleOut, 'The changed schedule')
  @Problems(400, 403, 404, 409)
  async patch(
    @Tenant() ctx: TenantContext,
    @Param('id', { schema: id }) scheduleId: string,
    @Body({ schema: inboundScheduleChange }) body: z.infer<typeof inboundScheduleChange>,
  ) {
    return (await this.resources(ctx, [await this.update.execute(ctx, scheduleId, scheduleSettings(body))]))[0];
  }

  @Delete(':id')
  @HttpCode(204)
  @Allow('numbers:write')
  @HeedsIfMatch()
  @CanDryRun()
  @ApiOperation({ operationId: 'deleteInboundSchedule', summary: 'Delete an inbound schedule that no number follows' })
  @ApiResponse({ status: 204, description: 'Deleted' })
  @Problems(403, 404, 409)
  async delete(@Tenant() ctx: TenantContext, @Param('id', { schema: id }) scheduleId: string): Promise<void> {
    await this.remove.execute(ctx, scheduleId);
  }

  private async resources(ctx: TenantContext, schedules: readonly InboundSchedule[]) {
    const provisioning = await this.provisioning.of(ctx, 'inbound_schedule', schedules);
    return schedules.map((s) => inboundScheduleToWire(s, provisioning.get(s.id)));
  }
}
