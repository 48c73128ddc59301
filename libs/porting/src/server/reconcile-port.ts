import { Injectable } from '@nestjs/common';
import { PortingCarrier } from '@trunkline/carriers/server';
import { Clock } from '@trunkline/kernel';
import { Database } from '@trunkline/platform';
import { reconcile, unknownStatus } from '../core/reconcile-port.ts';
import { portingContext } from './porting-context.ts';
import { lockPort, markPolled, markSilent, readOrder } from './ports.sql.ts';
import { recordPort } from './record-port.ts';
import type { NewEntry } from './record-port.ts';

/** Asks the carrier how an order stands and writes down what is new. Whatever woke it, the carrier's own view decides. */
@Injectable()
export class ReconcilePort {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly carrier: PortingCarrier,
  ) {}

  async execute(tenantId: string, id: string): Promise<void> {
    const ctx = portingContext(tenantId);
    const { carrierRef } = await this.db.read(ctx, (tx) => readOrder(tx, tenantId, id));
    if (carrierRef === null) return;
    const snapshot = await this.carrier.getOrder(carrierRef);
    await this.db.tx(ctx, async (tx) => {
      const now = this.clock.now();
      await markPolled(tx, tenantId, id, now);
      const port = await lockPort(tx, tenantId, id);
      const news: NewEntry[] = [...reconcile(port.standing, snapshot)];
      const unknown = unknownStatus(port.standing, snapshot);
      if (unknown) news.push({ event: 'escalated', data: unknown });
      const isSilent = news.length === 0 && snapshot.version > port.standing.carrierVersion;
      const seen = { event: 'seen', data: { carrierVersion: snapshot.version } } as const;
      await recordPort(tx, ctx, port, isSilent ? [seen] : news, now);
      if (news.length === 0) await markSilent(tx, tenantId, id, snapshot.version);
    });
  }
}
