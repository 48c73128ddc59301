import { Module } from '@nestjs/common';
import { EmulatedPortingCarrier, PortingCarrier } from '@trunkline/carriers/server';
import { EmergencyRegistrations } from '@trunkline/emergency/server';
import { CallerNames } from '@trunkline/identity/server';
import { CheckPortProject } from './check-port-project.ts';
import { CommandPortOrder } from './command-port-order.ts';
import { CreatePortProject } from './create-port-project.ts';
import { NoticeCalls } from './notice-calls.ts';
import { PollPorts } from './poll-ports.ts';
import { PortOperationsController } from './port-operations.http.ts';
import { PortOrdersController } from './port-orders.http.ts';
import { PortPlanningController } from './port-planning.http.ts';
import { PortProjectsController } from './port-projects.http.ts';
import { PortQueries } from './port-queries.ts';
import { CarrierEventProcessor, PortedNumberProcessor, PortSendProcessor, PortSweepProcessor } from './porting.jobs.ts';
import { ReceivePortEvent } from './receive-port-event.ts';
import { ReconcilePort } from './reconcile-port.ts';
import { RehearsePort } from './rehearse-port.ts';
import { ReviewPortOrder } from './review-port-order.ts';
import { SendPort } from './send-port.ts';
import { SettlePortedNumber } from './settle-ported-number.ts';
import { SplitPort } from './split-port.ts';
import { SubmitPortProject } from './submit-port-project.ts';
import { SweepPorts } from './sweep-ports.ts';
import { UpdatePortOrder } from './update-port-order.ts';

const carrier = { provide: PortingCarrier, useClass: EmulatedPortingCarrier };
const useCases = [
  CheckPortProject,
  CommandPortOrder,
  CreatePortProject,
  NoticeCalls,
  PollPorts,
  PortQueries,
  ReceivePortEvent,
  ReconcilePort,
  RehearsePort,
  ReviewPortOrder,
  SendPort,
  SettlePortedNumber,
  SplitPort,
  SubmitPortProject,
  SweepPorts,
  UpdatePortOrder,
];
const controllers = [PortProjectsController, PortOrdersController, PortOperationsController, PortPlanningController];
/** What a number has from the moment it is here. */
const lower = [CallerNames, EmergencyRegistrations];
const processors = [CarrierEventProcessor, PortedNumberProcessor, PortSendProcessor, PortSweepProcessor];

/** Ports. No carrier is connected yet but the emulated one. Where jobs are worked, carriers are told and asked. */
@Module({
  controllers,
  providers: [carrier, ...lower, ...useCases, ...processors],
  exports: [carrier, ...useCases],
})
export class PortingModule {}
