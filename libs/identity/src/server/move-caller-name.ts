import { Injectable } from '@nestjs/common';
import { Clock, systemContext } from '@trunkline/kernel';
import type { E164 } from '@trunkline/kernel';
import { Database, Processor, audit, publish } from '@trunkline/platform';
import type { OutboxJob, ProcessesJobs, Tx } from '@trunkline/platform';
import type { Job } from 'bullmq';
import { steppedTo } from '../core/caller-name.ts';
import type { CallerName } from '../core/caller-name.ts';
import { CallerNameProvider } from './caller-name-provider.ts';
import { anyNamedNumber, lockCallerName, removeCallerName, saveCallerName } from './caller-names.sql.ts';
import { CALLER_NAME_CHANGED } from './caller-names.ts';

const context = systemContext('move caller name');

/** Takes a name one step on at the provider; each step is told, which is what takes the next. Reads what is wanted now, so it may run twice or late. */
@Injectable()
@Processor({
  queue: 'caller-names',
  events: [CALLER_NAME_CHANGED, 'number.released', 'number.transferred_out', 'number.ported_out', 'number.ported_back'],
})
export class MoveCallerName implements ProcessesJobs<OutboxJob> {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly provider: CallerNameProvider,
  ) {}

  async process({ data: { type, tenantId, data } }: Pick<Job<OutboxJob>, 'data'>): Promise<void> {
    const { numberId } = data as { numberId: string };
    if (type !== CALLER_NAME_CHANGED) await this.giveUp(tenantId, numberId);
    await this.execute(tenantId, numberId);
  }

  /** @throws when the provider gives no answer */
  async execute(tenantId: string, numberId: string): Promise<void> {
    const found = await this.db.tx(context, async (tx) => {
      const before = await lockCallerName(tx, tenantId, numberId);
      const number = await anyNamedNumber(tx, tenantId, numberId);
      return before && number && { before, e164: number.e164 };
    });
    if (!found) return;
    const after = await this.step(found.before, found.e164);
    if (after !== found.before) await this.db.tx(context, (tx) => this.settle(tx, tenantId, found.before, after));
  }

  /** Nothing is open while the provider is asked. @returns the name as it is then, undefined when it is gone */
  private async step(name: CallerName, e164: E164): Promise<CallerName | undefined> {
    if (name.state === 'removing') {
      await this.provider.remove(e164);
      return undefined;
    }
    if (name.state === 'requested') {
      const refusal = await this.provider.submit(e164, name.name);
      return steppedTo(name, refusal === null ? 'submitted' : 'rejected', refusal, this.clock.now());
    }
    if (name.state !== 'submitted') return name;
    const { isActive, reason } = await this.provider.outcome(e164);
    return steppedTo(name, isActive ? 'active' : 'rejected', reason, this.clock.now());
  }

  private async settle(tx: Tx, tenantId: string, before: CallerName, after: CallerName | undefined): Promise<void> {
    const { numberId } = before;
    const now = await lockCallerName(tx, tenantId, numberId);
    if (now?.state !== before.state || now.name !== before.name) return; // something else is wanted by now
    await (after ? saveCallerName(tx, tenantId, after) : removeCallerName(tx, tenantId, numberId));
    const data = { numberId, state: after?.state ?? 'none', reason: after?.reason ?? null };
    audit(tx, context, 'caller_name.moved', numberId, { tenantId, ...data });
    publish(tx, { type: CALLER_NAME_CHANGED, tenantId, data });
  }

  private giveUp(tenantId: string, numberId: string): Promise<void> {
    return this.db.tx(context, async (tx) => {
      const before = await lockCallerName(tx, tenantId, numberId);
      if (before) await saveCallerName(tx, tenantId, steppedTo(before, 'removing', null, this.clock.now()));
    });
  }
}
