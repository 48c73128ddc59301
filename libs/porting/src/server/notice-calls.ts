import { Injectable } from '@nestjs/common';
import { Clock, systemContext } from '@trunkline/kernel';
import { Database, sql } from '@trunkline/platform';
import { portingContext } from './porting-context.ts';
import { lockPort } from './ports.sql.ts';
import { ReconcilePort } from './reconcile-port.ts';
import { recordPort } from './record-port.ts';

type Called = { readonly tenantId: string; readonly id: string; readonly numbers: readonly string[] };

const ctx = systemContext('notice calls');
const called = sql<Called>(
  'port-numbers-called',
  `SELECT n.tenant_id AS "tenantId", n.order_id AS id, array_agg(n.e164 ORDER BY n.e164) AS numbers
   FROM expected_number x JOIN port_number n ON n.tenant_id = x.tenant_id AND n.id = x.id
   WHERE x.called_at IS NULL AND EXISTS (SELECT FROM cdr c WHERE c.tenant_id = x.tenant_id AND c.destination = x.e164 AND c.masked_at IS NULL
     AND c.started_at >= x.created_at AND c.direction = 'inbound')
   GROUP BY 1, 2 LIMIT 100`,
);
const noticed = sql(
  'expected-number-called',
  `UPDATE expected_number SET called_at = $3 WHERE tenant_id = $1 AND e164 = ANY ($2::text[]) AND called_at IS NULL RETURNING e164`,
);

/** A call to a number that is yet to come says that the network has moved it, before its carrier does. It is evidence, and a reason to ask: what makes a number the tenant's is the carrier's word. */
@Injectable()
export class NoticeCalls {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly reconcile: ReconcilePort,
  ) {}

  async execute(): Promise<void> {
    for (const { tenantId, id, numbers } of await this.db.ask(ctx, called)) {
      const tenant = portingContext(tenantId);
      await this.db.tx(tenant, async (tx) => {
        const port = await lockPort(tx, tenantId, id);
        const now = this.clock.now();
        if ((await tx.query(noticed, tenantId, numbers, now)).length > 0)
          await recordPort(tx, tenant, port, [{ event: 'called', numbers }], now);
      });
      await this.reconcile.execute(tenantId, id);
    }
  }
}
