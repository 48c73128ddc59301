import { Injectable } from '@nestjs/common';
import { systemContext } from '@trunkline/kernel';
import { Log, Metrics, Processor } from '@trunkline/platform';
import type { ProcessesJobs } from '@trunkline/platform';
import { VerifyBalances } from './verify-balances.ts';

/** Looks every day whether the books agree, and raises its voice when they do not: it repairs nothing. */
@Injectable()
@Processor({ queue: 'ledger-verify', concurrency: 1, everyMs: 24 * 3_600_000 })
export class VerifyProcessor implements ProcessesJobs {
  private readonly faults;

  constructor(
    private readonly verify: VerifyBalances,
    private readonly log: Log,
    metrics: Metrics,
  ) {
    this.faults = metrics.gauge('ledger_balance_faults', 'Balances that are not the sum of their postings, at the last check');
  }

  async process(): Promise<void> {
    const faults = await this.verify.execute(systemContext('verify balances'));
    this.faults.set(faults.length);
    for (const { tenantId, currency } of faults) this.log.error({ tenantId, currency }, 'balance is not the sum of its postings');
  }
}
