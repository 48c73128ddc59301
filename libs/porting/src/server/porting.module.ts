import { Module } from '@nestjs/common';
import { EmulatedPortingCarrier, PortingCarrier } from '@trunkline/carriers/server';
import { CheckPortProject } from './check-port-project.ts';
import { CommandPortOrder } from './command-port-order.ts';
import { CreatePortProject } from './create-port-project.ts';
import { PollPorts } from './poll-ports.ts';
import { PortOperationsController } from './port-operations.http.ts';
import { PortOrdersController } from './port-orders.http.ts';
import { PortPlanningController } from './port-planning.http.ts';
import { PortProjectsController } from './port-projects.http.ts';
import { PortQueries } from './port-queries.ts';
import { CarrierEventProcessor, PortSendProcessor, PortSweepProcessor } from './porting.jobs.ts';
import { ReceivePortEvent } from './receive-port-event.ts';
import { ReconcilePort } from './reconcile-port.ts';
import { RehearsePort } from './rehearse-port.ts';
import { ReviewPortOrder } from './review-port-order.ts';
import { SendPort } from './send-port.ts';
import { SplitPort } from './split-port.ts';
import { SubmitPortProject } from './submit-port-project.ts';
import { SweepPorts } from './sweep-ports.ts';
import { UpdatePortOrder } from './update-port-order.ts';

const carrier = { provide: PortingCarrier, useClass: EmulatedPortingCarrier };
const useCases = [
  CheckPortProject,
  CommandPortOrder,
  CreatePortProject,
  PollPorts,
  PortQueries,
  ReceivePortEvent,
  ReconcilePort,
  RehearsePort,
  ReviewPortOrder,
  SendPort,
  SplitPort,
  SubmitPortProject,
  SweepPorts,
  UpdatePortOrder,
];
const controllers = [PortProjectsController, PortOrdersController, PortOperationsController, PortPlanningController];
const processors = [CarrierEventProcessor, PortSendProcessor, PortSweepProcessor];

/** Ports. No carrier is connected yet but the emulated one. Where jobs are worked, carriers are told and asked. */
@Module({ controllers, providers: [carrier, ...useCases, ...processors], exports: [carrier, ...useCases] })
export class PortingModule {}
