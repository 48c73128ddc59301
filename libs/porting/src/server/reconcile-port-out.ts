import { Injectable } from '@nestjs/common';
import { PortOutCarriers } from '@trunkline/carriers/server';
import { Clock, systemContext } from '@trunkline/kernel';
import { Database } from '@trunkline/platform';
import { movesOfCarrier, movesOfSilence } from '../core/port-out-facts.ts';
import { lockPortOut, readReceived } from './port-outs.sql.ts';
import { portingContext } from './porting-context.ts';
import { recordPortOut } from './record-port-out.ts';
import { TakePortOut } from './take-port-out.ts';

const ctx = systemContext('port-outs of a carrier');

/** Asks the carrier how a request stands, takes it in if it is new, and writes down what that adds. It may be told of twice, late or in any order. */
@Injectable()
export class ReconcilePortOut {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly carriers: PortOutCarriers,
    private readonly take: TakePortOut,
  ) {}

  async execute(name: string, ref: string): Promise<void> {
    const carrier = this.carriers.named(name);
    const view = await carrier.portOut(ref);
    if (!(await this.received(name, ref))) {
      if (!carrier.asksLater && view.status === 'open') return; // it is asked on the line
      await this.take.execute(carrier, view, false, ctx.requestId);
    }
    const known = await this.received(name, ref);
    if (!known?.ownerId || !known.portOutId) return; // nobody's numbers
    const { ownerId, portOutId } = known;
    const tenant = portingContext(ownerId);
    await this.db.tx(tenant, async (tx) => {
      const now = this.clock.now();
      const portOut = await lockPortOut(tx, ownerId, portOutId);
      const { row } = portOut;
      const standing = { ...row, until: row.answerBy };
      const silence = movesOfSilence(standing, now); // what it decided came before what the carrier does now
      const state = silence.at(-1)?.state ?? row.state;
      const moves = movesOfCarrier({ ...standing, state, version: row.carrierVersion }, view);
      await recordPortOut(tx, tenant, portOut, [...silence, ...moves], now, Math.max(view.version, row.carrierVersion));
    });
  }

  private received(name: string, ref: string) {
    return this.db.read(ctx, (tx) => readReceived(tx, name, ref));
  }
}
