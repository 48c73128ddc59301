import { Injectable } from '@nestjs/common';
import { Processor } from '@trunkline/platform';
import type { OutboxJob, ProcessesJobs } from '@trunkline/platform';
import type { Job } from 'bullmq';
import { EndSession } from './end-session.ts';
import { SendMails } from './send-mails.ts';
import { TellOfEndpoint } from './tell-of-endpoint.ts';

/** An end to mails, sessions and links that nobody needs any more. */
@Injectable()
@Processor({ queue: 'people-prune', concurrency: 1, everyMs: 3_600_000 })
export class PruneProcessor implements ProcessesJobs {
  constructor(
    private readonly mails: SendMails,
    private readonly sessions: EndSession,
  ) {}

  async process(): Promise<void> {
    await this.mails.prune();
    await this.sessions.prune();
  }
}

@Injectable()
@Processor({ queue: 'people-endpoints', concurrency: 1, events: ['webhook_endpoint.disabled'] })
export class EndpointDisabledProcessor implements ProcessesJobs<OutboxJob> {
  constructor(private readonly tell: TellOfEndpoint) {}

  async process({ data: { tenantId, data } }: Job<OutboxJob>): Promise<void> {
    await this.tell.execute(tenantId, data as Parameters<TellOfEndpoint['execute']>[1]);
  }
}
