import { Injectable } from '@nestjs/common';
import { Processor } from '@trunkline/platform';
import type { OutboxJob, ProcessesJobs } from '@trunkline/platform';
import type { Job } from 'bullmq';
import { EXPORT_REQUESTED } from './create-call-export.ts';
import { RunCallExport } from './run-call-export.ts';

@Injectable()
@Processor({ queue: 'call-exports', concurrency: 2, events: [EXPORT_REQUESTED] })
export class CallExportProcessor implements ProcessesJobs<OutboxJob> {
  constructor(private readonly run: RunCallExport) {}

  async process({ data: { tenantId, data }, attemptsMade, opts }: Job<OutboxJob>): Promise<void> {
    const last = attemptsMade + 1 >= (opts.attempts ?? 1);
    await this.run.execute(tenantId, (data as { callExportId: string }).callExportId, last);
  }
}
