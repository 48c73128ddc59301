import { Injectable } from '@nestjs/common';
import { Processor } from '@trunkline/platform';
import type { OutboxJob, ProcessesJobs } from '@trunkline/platform';
import type { Job } from 'bullmq';
import { PORT_NOTE_CARRIER_DUE, PORT_NOTE_MENTIONED } from './add-port-note.ts';
import { CARRIER_EVENT_RECEIVED, ReceivePortEvent } from './receive-port-event.ts';
import { SendPort } from './send-port.ts';
import { SettlePortedNumber } from './settle-ported-number.ts';
import { SweepPorts } from './sweep-ports.ts';
import { TellPortNote } from './tell-port-note.ts';

@Injectable()
@Processor({ queue: 'porting-send', events: ['port_order.carrier_due'] })
export class PortSendProcessor implements ProcessesJobs<OutboxJob> {
  constructor(private readonly send: SendPort) {}

  async process({ data: { tenantId, data } }: Job<OutboxJob>): Promise<void> {
    await this.send.execute(tenantId, (data as { portOrderId: string }).portOrderId);
  }
}

@Injectable()
@Processor({ queue: 'porting-events', events: [CARRIER_EVENT_RECEIVED] })
export class CarrierEventProcessor implements ProcessesJobs<OutboxJob> {
  constructor(private readonly receive: ReceivePortEvent) {}

  async process({ data: { data } }: Job<OutboxJob>): Promise<void> {
    const { carrier, eventId } = data as { carrier: string; eventId: string };
    await this.receive.process(carrier, eventId);
  }
}

@Injectable()
@Processor({ queue: 'porting-notes', events: [PORT_NOTE_MENTIONED, PORT_NOTE_CARRIER_DUE] })
export class PortNoteProcessor implements ProcessesJobs<OutboxJob> {
  constructor(private readonly tell: TellPortNote) {}

  async process({ data: { type, tenantId, data } }: Job<OutboxJob>): Promise<void> {
    const { portNoteId } = data as { portNoteId: string };
    await (type === PORT_NOTE_MENTIONED ? this.tell.mention(tenantId, portNoteId) : this.tell.toCarrier(tenantId, portNoteId));
  }
}

@Injectable()
@Processor({ queue: 'porting-settle', events: ['number.ported_in'] })
export class PortedNumberProcessor implements ProcessesJobs<OutboxJob> {
  constructor(private readonly settle: SettlePortedNumber) {}

  async process({ data: { tenantId, data } }: Job<OutboxJob>): Promise<void> {
    await this.settle.execute(tenantId, (data as { numberId: string }).numberId);
  }
}

@Injectable()
@Processor({ queue: 'porting-sweep', concurrency: 1, everyMs: 60_000 })
export class PortSweepProcessor implements ProcessesJobs {
  constructor(private readonly sweep: SweepPorts) {}

  async process(): Promise<void> {
    await this.sweep.execute();
  }
}
