import { Injectable } from '@nestjs/common';
import { Clock, systemContext } from '@trunkline/kernel';
import { Database, sql } from '@trunkline/platform';
import { isHardDecline } from '../core/dunning.ts';
import { CollectInvoice } from './collect-invoice.ts';

type Stopped = { id: string; attempts: number; declineCode: string | null };
const stopped = sql<Stopped>(
  'invoices-stopped',
  `SELECT id, attempts, decline_code AS "declineCode" FROM invoice WHERE tenant_id = $1 AND state = 'payment_failed' AND next_attempt_at IS NULL ORDER BY issued_at, id`,
);
const resume = sql(
  'invoice-resume',
  `UPDATE invoice SET next_attempt_at = $3 WHERE tenant_id = $1 AND id = $2 AND next_attempt_at IS NULL AND state = 'payment_failed'`,
);

/** Another card: what the last one stopped for good is tried again. Invoices that are to be tried anyway wait for their time. */
@Injectable()
export class ResumeCollection {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly collect: CollectInvoice,
  ) {}

  /** @throws AppError billing.provider_unavailable; the sweep tries what is left */
  async execute(tenantId: string): Promise<void> {
    const ctx = systemContext('resume collection');
    const invoices = await this.db.tx(ctx, async (tx) => {
      const found = (await tx.query(stopped, tenantId)).filter(({ declineCode }) => isHardDecline(declineCode));
      for (const { id } of found) await tx.query(resume, tenantId, id, this.clock.now());
      return found;
    });
    for (const { id, attempts } of invoices) await this.collect.execute(tenantId, id, attempts);
  }
}
