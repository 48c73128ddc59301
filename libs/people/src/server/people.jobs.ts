import { Injectable } from '@nestjs/common';
import { Processor } from '@trunkline/platform';
import type { ProcessesJobs } from '@trunkline/platform';
import { EndSession } from './end-session.ts';
import { SendMails } from './send-mails.ts';

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
