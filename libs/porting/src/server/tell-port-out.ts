import { Injectable } from '@nestjs/common';
import { CarrierRefusal, PortOutCarriers } from '@trunkline/carriers/server';
import { Clock, systemContext, toPublicId } from '@trunkline/kernel';
import { Database, sql } from '@trunkline/platform';
import { lastRefOf, listPortOutHistories, lockPortOut, markTold, readPortOut } from './port-outs.sql.ts';
import type { PortOutRow, UntoldPortOut } from './port-outs.sql.ts';
import { portingContext } from './porting-context.ts';
import { recordRefusal } from './record-port-out.ts';

const ctx = systemContext('tell port-out');
const toldNobody = sql('carrier-port-out-told', `UPDATE carrier_port_out SET tell_due_at = NULL WHERE carrier = $1 AND ref = $2`);

/** Tells the carrier what was decided, or disputed. It may be told twice; what failed is told again by the sweep, what it refused is not. */
@Injectable()
export class TellPortOut {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly carriers: PortOutCarriers,
  ) {}

  async execute(tenantId: string, id: string): Promise<void> {
    const tenant = portingContext(tenantId);
    const row = await this.db.read(tenant, (tx) => readPortOut(tx, tenantId, id));
    if (!row.tellDueAt) return;
    const refusal = await this.tell(row).then(
      () => undefined,
      (error: unknown) => {
        if (error instanceof CarrierRefusal) return error;
        throw error;
      },
    );
    await this.db.tx(tenant, async (tx) => {
      if (!refusal) return markTold(tx, tenantId, id, row.state);
      const portOut = await lockPortOut(tx, tenantId, id);
      if (portOut.row.state !== row.state || portOut.row.tellDueAt === null) return; // something else has happened meanwhile
      await recordRefusal(tx, tenant, portOut, refusal, this.clock.now());
    });
  }

  /** Of numbers that nobody has: there is no tenant to hear what the carrier makes of it. */
  async ofNobody({ carrier, ref, answer }: UntoldPortOut): Promise<void> {
    await this.carriers
      .named(carrier)
      .answer(ref, answer)
      .catch((error: unknown) => {
        if (!(error instanceof CarrierRefusal)) throw error;
      });
    await this.db.tx(ctx, (tx) => tx.query(toldNobody, carrier, ref));
  }

  private async tell(row: PortOutRow): Promise<void> {
    const { tenantId, id, state, carrierRef, reason, evidence } = row;
    const carrier = this.carriers.named(row.carrier);
    if (state === 'authorized') await carrier.answer(carrierRef, { kind: 'authorized' });
    if (state === 'rejected') await carrier.answer(carrierRef, { kind: 'rejected', reason: reason ?? 'OTHER', numbers: [], evidence });
    if (state !== 'disputed') return;
    const ref = await this.db.read(ctx, (tx) => lastRefOf(tx, row));
    const history = await this.db.read(portingContext(tenantId), (tx) => listPortOutHistories(tx, tenantId, [id]));
    await carrier.dispute(ref, history.findLast((e) => e.state === 'disputed')?.reason ?? '', toPublicId('portOut', id));
  }
}
