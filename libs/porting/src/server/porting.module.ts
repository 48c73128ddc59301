import { Module } from '@nestjs/common';
import { PortCarriersModule } from '@trunkline/carriers/server';
import { EmergencyRegistrations } from '@trunkline/emergency/server';
import { CallerNames } from '@trunkline/identity/server';
import { PostMail } from '@trunkline/people/server';
import { CreateEndpoint } from '@trunkline/webhooks/server';
import { AddPortNote } from './add-port-note.ts';
import { AskCustomerRecord } from './ask-customer-record.ts';
import { CarrierAsks } from './carrier-asks.ts';
import { CarrierHolidays } from './carrier-holidays.ts';
import { CheckPortProject } from './check-port-project.ts';
import { CommandPortOrder } from './command-port-order.ts';
import { CreatePortProject } from './create-port-project.ts';
import { DecidePortOut } from './decide-port-out.ts';
import { NoticeCalls } from './notice-calls.ts';
import { PollPorts } from './poll-ports.ts';
import { PortDates } from './port-dates.ts';
import { PortNoteQueries } from './port-note-queries.ts';
import { PortNotesController } from './port-notes.http.ts';
import { PortOperationsController } from './port-operations.http.ts';
import { PortOrdersController } from './port-orders.http.ts';
import { PortOutOperationsController } from './port-out-operations.http.ts';
import { PortOutQueries } from './port-out-queries.ts';
import { PortOutProtectionController, PortOutsController } from './port-outs.http.ts';
import { PortOutChangeProcessor, PortOutSweepProcessor, PortOutTellProcessor, PortOutWarningProcessor } from './port-outs.jobs.ts';
import { PortPlanningController } from './port-planning.http.ts';
import { PortProjectsController } from './port-projects.http.ts';
import { PortQueries } from './port-queries.ts';
import { CarrierEventProcessor, PortNoteProcessor, PortedNumberProcessor, PortSendProcessor, PortSweepProcessor } from './porting.jobs.ts';
import { ProtectNumbers } from './protect-numbers.ts';
import { ReceivePortEvent } from './receive-port-event.ts';
import { ReceivePortOut } from './receive-port-out.ts';
import { ReconcilePortOut } from './reconcile-port-out.ts';
import { ReconcilePort } from './reconcile-port.ts';
import { RehearsePortOut } from './rehearse-port-out.ts';
import { RehearsePort } from './rehearse-port.ts';
import { ReviewPortOrder } from './review-port-order.ts';
import { SendPort } from './send-port.ts';
import { SettlePortOutDispute } from './settle-port-out-dispute.ts';
import { SettlePortedNumber } from './settle-ported-number.ts';
import { SplitPort } from './split-port.ts';
import { SubmitPortProject } from './submit-port-project.ts';
import { SweepPortOuts } from './sweep-port-outs.ts';
import { SweepPorts } from './sweep-ports.ts';
import { TakePortOut } from './take-port-out.ts';
import { TellPortNote } from './tell-port-note.ts';
import { TellPortOut } from './tell-port-out.ts';
import { UpdatePortOrder } from './update-port-order.ts';
import { WarnOfPortOut } from './warn-of-port-out.ts';

const portOutUseCases = [
  CarrierHolidays,
  DecidePortOut,
  PortOutQueries,
  ProtectNumbers,
  ReceivePortOut,
  ReconcilePortOut,
  RehearsePortOut,
  SettlePortOutDispute,
  SweepPortOuts,
  TakePortOut,
  TellPortOut,
  WarnOfPortOut,
];
const useCases = [
  AddPortNote,
  AskCustomerRecord,
  CarrierAsks,
  CheckPortProject,
  CommandPortOrder,
  CreatePortProject,
  NoticeCalls,
  PollPorts,
  PortDates,
  PortNoteQueries,
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
  TellPortNote,
  UpdatePortOrder,
];
const controllers = [PortProjectsController, PortOrdersController, PortOperationsController, PortPlanningController, PortNotesController];
/** What a number has from the moment it is here, and who is told of a project. */
const lower = [CallerNames, CreateEndpoint, EmergencyRegistrations];
const portOutControllers = [PortOutsController, PortOutProtectionController, PortOutOperationsController];
const processors = [CarrierEventProcessor, PortNoteProcessor, PortedNumberProcessor, PortSendProcessor, PortSweepProcessor];
const portOutProcessors = [PortOutChangeProcessor, PortOutTellProcessor, PortOutWarningProcessor, PortOutSweepProcessor];

/** Ports. They go to the emulated carrier unless the settings say which (`NumberSupplyModule`). Where jobs are worked, carriers are told and asked. */
@Module({
  imports: [PortCarriersModule],
  controllers: [...controllers, ...portOutControllers],
  providers: [PostMail, ...lower, ...useCases, ...portOutUseCases, ...processors, ...portOutProcessors],
  exports: [PortCarriersModule, ...useCases, ...portOutUseCases],
})
export class PortingModule {}
