import { Injectable } from '@nestjs/common';
import { Processor } from '@trunkline/platform';
import type { OutboxJob, ProcessesJobs } from '@trunkline/platform';
import type { Job } from 'bullmq';
import type { ToldPortOut } from '../core/port-out-mail.ts';
import { CARRIER_PORT_OUT_CHANGED } from './receive-port-out.ts';
import { ReconcilePortOut } from './reconcile-port-out.ts';
import { PORT_OUT_TELL } from './record-port-out.ts';
import { SweepPortOuts } from './sweep-port-outs.ts';
import { TellPortOut } from './tell-port-out.ts';
import { WarnOfPortOut } from './warn-of-port-out.ts';

@Injectable()
@Processor({ queue: 'port-out-changes', events: [CARRIER_PORT_OUT_CHANGED] })
export class PortOutChangeProcessor implements ProcessesJobs<OutboxJob> {
  constructor(private readonly reconcile: ReconcilePortOut) {}

  async process({ data: { data } }: Job<OutboxJob>): Promise<void> {
    const { carrier = 'emulated', ref } = data as { carrier?: string; ref: string }; // one that an older process published names none
    await this.reconcile.execute(carrier, ref);
  }
}

@Injectable()
@Processor({ queue: 'port-out-answers', events: [PORT_OUT_TELL] })
export class PortOutTellProcessor implements ProcessesJobs<OutboxJob> {
  constructor(private readonly tell: TellPortOut) {}

  async process({ data: { tenantId, data } }: Job<OutboxJob>): Promise<void> {
    await this.tell.execute(tenantId, (data as { portOutId: string }).portOutId);
  }
}

@Injectable()
@Processor({
  queue: 'port-out-warnings',
  events: ['port_out.pending_tenant', 'port_out.rejected', 'port_out.authorized', 'port_out.completed', 'port_out.refused_by_carrier'],
})
export class PortOutWarningProcessor implements ProcessesJobs<OutboxJob> {
  constructor(private readonly warn: WarnOfPortOut) {}

  async process({ data: { tenantId, data } }: Job<OutboxJob>): Promise<void> {
    await this.warn.execute(tenantId, data as ToldPortOut);
  }
}

@Injectable()
@Processor({ queue: 'port-out-sweep', concurrency: 1, everyMs: 60_000 })
export class PortOutSweepProcessor implements ProcessesJobs {
  constructor(private readonly sweep: SweepPortOuts) {}

  async process(): Promise<void> {
    await this.sweep.execute();
  }
}
