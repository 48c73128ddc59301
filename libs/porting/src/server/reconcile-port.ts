import { Injectable } from '@nestjs/common';
import { PortingCarrier } from '@trunkline/carriers/server';
import { Clock } from '@trunkline/kernel';
import { Database, Log } from '@trunkline/platform';
import { messagingNews, reconcile, unknownStatus } from '../core/reconcile-port.ts';
import { portingContext } from './porting-context.ts';
import { lockPort, markPolled, markSilent, readOrder } from './ports.sql.ts';
import { recordPort } from './record-port.ts';
import type { NewEntry } from './record-port.ts';
import { TellPortNote } from './tell-port-note.ts';

/** Asks the carrier how an order stands and writes down what is new. Whatever woke it, the carrier's own view decides. */
@Injectable()
export class ReconcilePort {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly carrier: PortingCarrier,
    private readonly notes: TellPortNote,
  ) {}

  async execute(tenantId: string, id: string): Promise<void> {
    const ctx = portingContext(tenantId);
    const { carrierRef } = await this.db.read(ctx, (tx) => readOrder(tx, tenantId, id));
    if (carrierRef === null) return;
    const snapshot = await this.carrier.getOrder(carrierRef);
    await this.hear(tenantId, id, carrierRef);
    await this.db.tx(ctx, async (tx) => {
      const now = this.clock.now();
      await markPolled(tx, tenantId, id, now);
      const port = await lockPort(tx, tenantId, id);
      const news: NewEntry[] = [...reconcile(port.standing, snapshot)];
      const unknown = unknownStatus(port.standing, snapshot);
      if (unknown) news.push({ event: 'escalated', data: unknown });
      const messaging = messagingNews(port.standing, snapshot);
      if (messaging) news.push({ event: 'messaging_changed', data: messaging });
      const isSilent = news.length === 0 && snapshot.version > port.standing.carrierVersion;
      const seen = { event: 'seen', data: { carrierVersion: snapshot.version } } as const;
      await recordPort(tx, ctx, port, isSilent ? [seen] : news, now);
      if (news.length === 0) await markSilent(tx, tenantId, id, snapshot.version);
    });
  }

  /** What was said stops no port. */
  private async hear(tenantId: string, id: string, carrierRef: string): Promise<void> {
    await this.notes.fromCarrier(tenantId, id, carrierRef).catch((err: unknown) => {
      this.log.warn({ portOrderId: id, err }, 'the carrier did not tell what was said of an order');
    });
  }
}
