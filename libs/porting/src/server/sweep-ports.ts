import { Injectable } from '@nestjs/common';
import { Clock, systemContext } from '@trunkline/kernel';
import { Database, Log, sql } from '@trunkline/platform';
import type { PortEntry } from '../core/port-history.ts';
import { timersOf } from '../core/port-timers.ts';
import type { PortTimer } from '../core/port-timers.ts';
import { AskCustomerRecord } from './ask-customer-record.ts';
import { NoticeCalls } from './notice-calls.ts';
import { PollPorts } from './poll-ports.ts';
import { portingContext } from './porting-context.ts';
import { lockPort } from './ports.sql.ts';
import { ReceivePortEvent } from './receive-port-event.ts';
import { ReconcilePort } from './reconcile-port.ts';
import { recordPort } from './record-port.ts';
import { SendPort } from './send-port.ts';

const BATCH = 500;
const RECORDS = 50; // each may take a carrier its time
const PATIENCE_MS = 5 * 60_000;
const ctx = systemContext('sweep ports');
const due = sql<{ tenantId: string; id: string; kinds: PortTimer[] }>(
  'port-timers-due',
  `SELECT tenant_id AS "tenantId", order_id AS id, array_agg(kind) AS kinds FROM port_timer WHERE due_at <= $1
   GROUP BY tenant_id, order_id ORDER BY min(due_at) LIMIT ${BATCH}`,
);
const recordsDue = sql<{ tenantId: string; id: string }>(
  'port-records-due',
  `SELECT tenant_id AS "tenantId", id FROM port_order WHERE record_due_at <= $1 ORDER BY record_due_at LIMIT ${RECORDS}`,
);
const isPollOnly = ({ kinds }: { readonly kinds: readonly PortTimer[] }): boolean => kinds.every((kind) => kind === 'poll');
const unprocessed = sql<{ carrier: string; eventId: string }>(
  'carrier-port-events-waiting',
  `SELECT carrier, event_id AS "eventId" FROM carrier_port_event WHERE processed_at IS NULL AND received_at <= $1 ORDER BY received_at LIMIT ${BATCH}`,
);

/** What each timer writes when it is due. Those without an entry have the carrier told or asked. */
const ENTRY_OF: { readonly [T in PortTimer]?: PortEntry['event'] } = {
  route: 'route_opened',
  foc_time: 'foc_time',
  window_timeout: 'window_timeout',
  stuck: 'stuck',
  idle: 'idle',
  remind: 'reminded',
  overdue: 'escalated',
};

/** Does what is due of all orders: the timers are rows, so nothing is forgotten when a process dies. What fails is logged and due again. */
@Injectable()
export class SweepPorts {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly calls: NoticeCalls,
    private readonly poll: PollPorts,
    private readonly send: SendPort,
    private readonly reconcile: ReconcilePort,
    private readonly receive: ReceivePortEvent,
    private readonly records: AskCustomerRecord,
  ) {}

  /** @returns how many orders had something due */
  async execute(): Promise<number> {
    const now = this.clock.now();
    for (const { carrier, eventId } of await this.db.ask(ctx, unprocessed, new Date(now.getTime() - PATIENCE_MS)))
      await this.attempt({ eventId }, () => this.receive.process(carrier, eventId));
    await this.attempt({}, () => this.calls.execute());
    const orders = await this.db.ask(ctx, due, now);
    const silent = await this.poll.execute(orders.filter(isPollOnly).map(({ id }) => id));
    for (const { tenantId, id, kinds } of orders)
      if (!silent.has(id)) await this.attempt({ portOrderId: id }, () => this.run(tenantId, id, kinds));
    for (const { tenantId, id } of await this.db.ask(ctx, recordsDue, now))
      await this.attempt({ portOrderId: id }, () => this.records.execute(tenantId, id));
    return orders.length;
  }

  // the carrier is asked before the clock decides: what it did in time was in time
  private async run(tenantId: string, id: string, kinds: readonly PortTimer[]): Promise<void> {
    const watched = kinds.includes('poll') || kinds.includes('window_timeout') || kinds.includes('stuck');
    if (watched) await this.attempt({ portOrderId: id }, () => this.reconcile.execute(tenantId, id)); // silent, it stops no clock
    await this.tick(tenantId, id);
    if (kinds.includes('send')) await this.send.execute(tenantId, id);
  }

  private async tick(tenantId: string, id: string): Promise<void> {
    const tenant = portingContext(tenantId);
    await this.db.tx(tenant, async (tx) => {
      const now = this.clock.now();
      const port = await lockPort(tx, tenantId, id);
      const timers = [...timersOf(port.standing, port.row.polledAt)].filter(([, at]) => at <= now);
      const events = timers.flatMap(([timer]) => ENTRY_OF[timer] ?? []);
      await recordPort(
        tx,
        tenant,
        port,
        events.map((event) => ({ event })),
        now,
      );
    });
  }

  private async attempt(about: object, act: () => Promise<unknown>): Promise<void> {
    await act().catch((err: unknown) => this.log.error({ ...about, err }, 'left for the next sweep of ports'));
  }
}
