import { Injectable } from '@nestjs/common';
import { PortOutCarriers } from '@trunkline/carriers/server';
import type { PortOutCarrier } from '@trunkline/carriers/server';
import { Clock, systemContext } from '@trunkline/kernel';
import { Database, Log, sql } from '@trunkline/platform';
import { movesOfSilence } from '../core/port-out-facts.ts';
import { lockPortOut } from './port-outs.sql.ts';
import type { UntoldPortOut } from './port-outs.sql.ts';
import { portingContext } from './porting-context.ts';
import { ReconcilePortOut } from './reconcile-port-out.ts';
import { recordPortOut } from './record-port-out.ts';
import { TellPortOut } from './tell-port-out.ts';

const BATCH = 500;
const ctx = systemContext('sweep port-outs');
type Due = { tenantId: string; id: string };
const silent = sql<Due>(
  'port-outs-silent',
  `SELECT tenant_id AS "tenantId", id FROM port_out WHERE state = 'pending_tenant' AND answer_by <= $1 ORDER BY answer_by LIMIT ${BATCH}`,
);
const untold = sql<Due>(
  'port-outs-untold',
  `SELECT tenant_id AS "tenantId", id FROM port_out WHERE tell_due_at <= $1 ORDER BY tell_due_at LIMIT ${BATCH}`,
);
const untoldNobody = sql<UntoldPortOut>(
  'carrier-port-outs-untold',
  `SELECT carrier, ref, answer FROM carrier_port_out WHERE tell_due_at <= $1 ORDER BY tell_due_at LIMIT ${BATCH}`,
);
const readTo = sql<{ readTo: Date }>('port-out-feed', `SELECT read_to AS "readTo" FROM port_out_feed WHERE carrier = $1`);
const setReadTo = sql(
  'port-out-feed-set',
  `INSERT INTO port_out_feed (carrier, read_to) VALUES ($1, $2) ON CONFLICT (carrier) DO UPDATE SET read_to = excluded.read_to`,
);

/** Reads what carriers changed, writes down what silence decided, and tells what is yet to be told. All of it is rows: a process that dies forgets nothing. */
@Injectable()
export class SweepPortOuts {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly carriers: PortOutCarriers,
    private readonly reconcile: ReconcilePortOut,
    private readonly tell: TellPortOut,
  ) {}

  /** @returns how many requests silence decided */
  async execute(): Promise<number> {
    for (const carrier of this.carriers.all) await this.attempt({ carrier: carrier.name }, () => this.poll(carrier));
    const decided = await this.db.ask(ctx, silent, this.clock.now());
    for (const { tenantId, id } of decided) await this.attempt({ portOutId: id }, () => this.authorize(tenantId, id));
    for (const { tenantId, id } of await this.db.ask(ctx, untold, this.clock.now()))
      await this.attempt({ portOutId: id }, () => this.tell.execute(tenantId, id));
    for (const one of await this.db.ask(ctx, untoldNobody, this.clock.now()))
      await this.attempt({ carrier: one.carrier, ref: one.ref }, () => this.tell.ofNobody(one));
    return decided.length;
  }

  // how far is written down only when all before it is: what failed is read again
  private async poll(carrier: PortOutCarrier): Promise<void> {
    const { name } = carrier;
    const since = (await this.db.ask(ctx, readTo, name))[0]?.readTo ?? new Date(0);
    const changed = await carrier.changedSince(since);
    let failed = false;
    for (const ref of changed.refs)
      await this.attempt({ carrier: name, ref }, () => this.reconcile.execute(name, ref)).then((done) => {
        failed ||= !done;
      });
    if (!failed && changed.readTo > since) await this.db.tx(ctx, (tx) => tx.query(setReadTo, name, changed.readTo));
  }

  private authorize(tenantId: string, id: string): Promise<unknown> {
    const tenant = portingContext(tenantId);
    return this.db.tx(tenant, async (tx) => {
      const now = this.clock.now();
      const portOut = await lockPortOut(tx, tenantId, id);
      const moves = movesOfSilence({ ...portOut.row, until: portOut.row.answerBy }, now);
      await recordPortOut(tx, tenant, portOut, moves, now);
    });
  }

  private attempt(about: object, act: () => Promise<unknown>): Promise<boolean> {
    return act().then(
      () => true,
      (err: unknown) => {
        this.log.error({ ...about, err }, 'left for the next sweep of port-outs');
        return false;
      },
    );
  }
}
