import { Injectable } from '@nestjs/common';
import { PortOutCarrier } from '@trunkline/carriers/server';
import { Database } from '@trunkline/platform';
import { listPortOutHistories, markTold, readPortOut } from './port-outs.sql.ts';
import type { PortOutRow } from './port-outs.sql.ts';
import { portingContext } from './porting-context.ts';

/** Tells the carrier what was decided, or disputed. It may be told twice; what failed is told again by the sweep. */
@Injectable()
export class TellPortOut {
  constructor(
    private readonly db: Database,
    private readonly carrier: PortOutCarrier,
  ) {}

  async execute(tenantId: string, id: string): Promise<void> {
    const tenant = portingContext(tenantId);
    const row = await this.db.read(tenant, (tx) => readPortOut(tx, tenantId, id));
    if (!row.tellDueAt) return;
    await this.tell(row);
    await this.db.tx(tenant, (tx) => markTold(tx, tenantId, id, row.state));
  }

  private async tell({ tenantId, id, state, carrierRef, reason }: PortOutRow): Promise<void> {
    if (state === 'authorized') await this.carrier.answer(carrierRef, { kind: 'authorized' });
    if (state === 'rejected') await this.carrier.answer(carrierRef, { kind: 'rejected', reason: reason ?? 'OTHER', numbers: [] });
    if (state !== 'disputed') return;
    const history = await this.db.read(portingContext(tenantId), (tx) => listPortOutHistories(tx, tenantId, [id]));
    await this.carrier.dispute(carrierRef, history.findLast((e) => e.state === 'disputed')?.reason ?? '');
  }
}
