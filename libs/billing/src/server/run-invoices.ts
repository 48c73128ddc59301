import { Injectable } from '@nestjs/common';
import { Clock, invalidField } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Database, Log, sql } from '@trunkline/platform';
import { isClosable, monthNamed } from '../core/billing-month.ts';
import { CloseMonth } from './close-month.ts';

/** How a run ended, in tenants. `failed` ones changed nothing: the next run takes them again. */
export type InvoiceRun = { readonly issued: number; readonly nothingDue: number; readonly alreadyIssued: number; readonly failed: number };

const AT_ONCE = 4;
const tenants = sql<{ id: string; issued: boolean }>(
  'invoice-run-tenants',
  `SELECT t.id, EXISTS (SELECT FROM invoice i WHERE i.tenant_id = t.id AND i.period_from = $1) AS issued FROM tenant t ORDER BY t.id`,
);

/** Closes a month for every tenant, each in a transaction of its own: what fails for one leaves the others closed. Repeat it as often as needed. */
@Injectable()
export class RunInvoices {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly closeMonth: CloseMonth,
    private readonly log: Log,
  ) {}

  /**
   * @param name e.g. `2026-11`
   * @throws AppError request.invalid when the month is not over, or only just: what was ordered in its last second may not be there yet
   */
  async execute(ctx: SystemContext, name: string): Promise<InvoiceRun> {
    const month = monthNamed(name);
    if (!isClosable(month, this.clock.now())) throw invalidField('/month', 'unfinished', 'The month must have been over for ten minutes');
    const all = await this.db.read(ctx, (tx) => tx.query(tenants, month.from));
    const open = all.filter((t) => !t.issued);
    let [issued, failed] = [0, 0];
    for (let at = 0; at < open.length; at += AT_ONCE) {
      const part = open.slice(at, at + AT_ONCE);
      const results = await Promise.allSettled(part.map(({ id }) => this.closeMonth.execute(ctx, id, month)));
      results.forEach((result, i) => {
        if (result.status === 'rejected')
          this.log.error({ tenantId: part[i]?.id, month: name, err: result.reason as unknown }, 'month not closed');
      });
      issued += results.filter((r) => r.status === 'fulfilled' && r.value).length;
      failed += results.filter((r) => r.status === 'rejected').length;
    }
    return { issued, failed, nothingDue: open.length - issued - failed, alreadyIssued: all.length - open.length };
  }
}
