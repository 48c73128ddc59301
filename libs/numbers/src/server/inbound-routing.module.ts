import { Module } from '@nestjs/common';
import { CreateInboundGroup } from './create-inbound-group.ts';
import { CreateInboundSchedule } from './create-inbound-schedule.ts';
import { DeleteInboundGroup } from './delete-inbound-group.ts';
import { DeleteInboundSchedule } from './delete-inbound-schedule.ts';
import { DisasterPlanQueries } from './disaster-plan-queries.ts';
import { DisasterPlanController } from './disaster-plan.http.ts';
import { InboundGroupQueries } from './inbound-group-queries.ts';
import { InboundGroupsController } from './inbound-groups.http.ts';
import { InboundScheduleQueries } from './inbound-schedule-queries.ts';
import { InboundSchedulesController } from './inbound-schedules.http.ts';
import { NumberRoutingQueries } from './number-routing-queries.ts';
import { NumberRoutingController } from './number-routing.http.ts';
import { SetDisasterPlan } from './set-disaster-plan.ts';
import { SetNumberRouting } from './set-number-routing.ts';
import { SwitchDisasterPlan } from './switch-disaster-plan.ts';
import { UpdateInboundGroup } from './update-inbound-group.ts';
import { UpdateInboundSchedule } from './update-inbound-schedule.ts';

const providers = [
  ...[CreateInboundGroup, UpdateInboundGroup, DeleteInboundGroup, InboundGroupQueries],
  ...[CreateInboundSchedule, UpdateInboundSchedule, DeleteInboundSchedule, InboundScheduleQueries],
  ...[SetNumberRouting, NumberRoutingQueries, SetDisasterPlan, SwitchDisasterPlan, DisasterPlanQueries],
];

/** Where calls of numbers go beside their trunk's own routes. Needs, from the application: a ProvisioningView. */
@Module({
  controllers: [InboundGroupsController, InboundSchedulesController, NumberRoutingController, DisasterPlanController],
  providers,
  exports: providers,
})
export class InboundRoutingModule {}
