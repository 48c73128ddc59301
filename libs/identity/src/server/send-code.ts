import { Injectable } from '@nestjs/common';
import { Clock, systemContext } from '@trunkline/kernel';
import { Database, Processor } from '@trunkline/platform';
import type { OutboxJob, ProcessesJobs } from '@trunkline/platform';
import type { Job } from 'bullmq';
import { CodeSender } from './code-sender.ts';
import { Codes } from './codes.ts';

export const CODE_REQUESTED = 'verified_number.code_requested';
const context = systemContext('send verification code');

/** Hands a code to whoever sends it, then forgets all but its hash. One whose time is over is not sent any more. */
@Injectable()
@Processor({ queue: 'verification-codes', concurrency: 4, events: [CODE_REQUESTED] })
export class SendCode implements ProcessesJobs<OutboxJob> {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly codes: Codes,
    private readonly sender: CodeSender,
  ) {}

  async process({ data: { tenantId, data } }: Pick<Job<OutboxJob>, 'data'>): Promise<void> {
    if (this.sender.isEmulator) return;
    const { verifiedNumberId: id } = data as { verifiedNumberId: string };
    const code = await this.db.read(context, (tx) => this.codes.due(tx, tenantId, id, this.clock.now()));
    if (!code) return;
    await this.sender.send(code);
    await this.db.tx(context, (tx) => this.codes.forget(tx, tenantId, id, code));
  }
}
