import { Injectable } from '@nestjs/common';
import { PortingCarrier } from '@trunkline/carriers/server';
import { Clock, systemContext } from '@trunkline/kernel';
import { Database, Log, sql } from '@trunkline/platform';
import type { PortInState } from '../core/port-in-machine.ts';
import { pollAt } from '../core/port-timers.ts';

type Polled = {
  readonly tenantId: string;
  readonly id: string;
  readonly carrierRef: string;
  readonly state: PortInState;
  readonly stateSince: Date;
  readonly revision: number;
  readonly seenVersion: number;
};

const AT_ONCE = 4;
/** Carriers tell when an order changed, and not all of them when one of its numbers did: while numbers move, all of it is looked at. */
const MOVING: ReadonlySet<PortInState> = new Set(['activating', 'partially_activated']);
const ctx = systemContext('poll ports');
// those that had no news for the carrier's view when they were last compared with it, and are still what they were then
const unchanged = sql<Polled>(
  'port-orders-unchanged',
  `SELECT tenant_id AS "tenantId", id, carrier_ref AS "carrierRef", state, state_since AS "stateSince", revision, seen_version AS "seenVersion"
   FROM port_order WHERE id = ANY ($1::uuid[]) AND seen_revision = revision AND carrier_ref IS NOT NULL`,
);
const polled = sql(
  'port-orders-polled',
  `WITH kept AS (UPDATE port_order o SET polled_at = $5 FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::timestamptz[]) AS u (tenant_id, id, revision, due_at)
     WHERE o.tenant_id = u.tenant_id AND o.id = u.id AND o.revision = u.revision RETURNING u.*)
   UPDATE port_timer t SET due_at = k.due_at FROM kept k WHERE t.tenant_id = k.tenant_id AND t.order_id = k.id AND t.kind = 'poll'`,
);

/** Asks the carrier about many orders that wait for it. As a rule it has nothing new to say: then nothing is locked or folded, and all are written down together. */
@Injectable()
export class PollPorts {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly carrier: PortingCarrier,
  ) {}

  /** @returns those of which there is nothing new; the others are to be looked at one by one */
  async execute(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const orders = ids.length === 0 ? [] : await this.db.ask(ctx, unchanged, ids);
    const silent: Polled[] = [];
    const waiting = orders.values();
    const ask = async (): Promise<void> => {
      for (const order of waiting) if (await this.isSilent(order)) silent.push(order);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, ask));
    if (silent.length > 0) await this.write(silent);
    return new Set(silent.map(({ id }) => id));
  }

  private async isSilent(order: Polled): Promise<boolean> {
    const { id, carrierRef, seenVersion, state } = order;
    if (MOVING.has(state)) return false;
    if (pollAt(order, this.clock.now()) === undefined) return false; // it was asked about for the last time
    try {
      return (await this.carrier.getOrder(carrierRef)).version === seenVersion;
    } catch (err) {
      this.log.warn({ portOrderId: id, err }, 'the carrier did not say how an order stands');
      return false;
    }
  }

  private async write(silent: readonly Polled[]): Promise<void> {
    const now = this.clock.now();
    const column = <K extends keyof Polled>(key: K) => silent.map((order) => order[key]);
    const next = silent.map((order) => new Date(pollAt(order, now)!));
    await this.db.tx(ctx, (tx) => tx.query(polled, column('tenantId'), column('id'), column('revision'), next, now));
  }
}
