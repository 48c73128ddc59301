import { Injectable } from '@nestjs/common';
import { PortingCarrier } from '@trunkline/carriers/server';
import type { CarrierRequirement, Portability } from '@trunkline/carriers';
import { Clock, newId } from '@trunkline/kernel';
import { Database, Sealer } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { orderFaults } from '../core/order-faults.ts';
import { splitPort } from '../core/split-port.ts';
import type { PortGroup } from '../core/split-port.ts';
import { sheetOf } from './port-sheet.ts';
import { wantRecord } from './port-records.sql.ts';
import { portingContext } from './porting-context.ts';
import { describeOrder, insertPortOrder, lockPort, movePortNumbers } from './ports.sql.ts';
import type { Port } from './ports.sql.ts';
import { recordPort } from './record-port.ts';
import type { NewEntry } from './record-port.ts';

/** What the carrier asks of a group's numbers itself. */
export type AskedGroup = PortGroup & { readonly asks: readonly CarrierRequirement[] };

/** What a portability check makes of an order: one for each group that a carrier takes as one. Of numbers that cannot be ported it says which. */
@Injectable()
export class SplitPort {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly sealer: Sealer,
    private readonly carrier: PortingCarrier,
  ) {}

  /** What the orders would be. */
  groupsOf(results: readonly Portability[]): readonly PortGroup[] {
    return results.every((r) => r.portable) ? splitPort(results, this.carrier.abilities.numbersMax) : [];
  }

  /** @param groups what the orders are to be. @returns the orders that it made, whose accounts can be asked after */
  execute(tenantId: string, id: string, results: readonly Portability[], groups: readonly AskedGroup[]): Promise<readonly string[]> {
    const ctx = portingContext(tenantId);
    return this.db.tx(ctx, async (tx) => {
      const port = await lockPort(tx, tenantId, id);
      if (port.standing.state !== 'validating') return []; // somebody else was faster
      const now = this.clock.now();
      const bad = results.filter((r) => !r.portable);
      if (bad.length > 0) {
        const reasons = Object.fromEntries(bad.map((r) => [r.e164, r.reason ?? 'OTHER']));
        const event = bad.length === results.length ? 'checked_all_bad' : 'checked_some_bad';
        await recordPort(tx, ctx, port, [{ event, data: { reasons } }], now);
        return [];
      }
      const [own, ...others] = groups;
      if (!own) return [];
      const ids = [id];
      for (const group of others) ids.push(await this.branchOff(tx, port, group, now));
      await describeOrder(tx, tenantId, id, described(own));
      const narrowed: NewEntry[] = others.length > 0 ? [{ event: 'numbers_changed', numbers: own.numbers }] : [];
      const rest = { ...port, row: { ...port.row, ...described(own) }, numbers: port.numbers.filter((n) => own.numbers.includes(n.e164)) };
      await recordPort(tx, ctx, rest, [...narrowed, await this.checked(tx, rest, now)], now);
      if (this.carrier.abilities.customerRecords) for (const one of ids) await wantRecord(tx, tenantId, one, now);
      return ids;
    });
  }

  private async branchOff(tx: Tx, { row }: Port, group: AskedGroup, now: Date): Promise<string> {
    const { tenantId, projectId, fields, customer, pinSealed } = row;
    const ctx = portingContext(tenantId);
    const id = newId();
    await insertPortOrder(tx, tenantId, { id, projectId, fields, customer, pinSealed }, now);
    await movePortNumbers(tx, tenantId, row.id, id, group.numbers);
    await describeOrder(tx, tenantId, id, described(group));
    const port = await lockPort(tx, tenantId, id);
    const opened = { event: 'opened', numbers: group.numbers, data: { reason: `Split from ${row.id}` } } as const;
    await recordPort(tx, ctx, port, [opened, { event: 'check' }, await this.checked(tx, port, now)], now);
    return id;
  }

  private async checked(tx: Tx, port: Port, now: Date): Promise<NewEntry> {
    const faults = orderFaults(await sheetOf(tx, this.sealer, port), now);
    return { event: faults.length > 0 ? 'checked_incomplete' : 'checked_ready' };
  }
}

const described = ({ country, type, losingCarrier, fastPort, asks }: AskedGroup) => ({
  country,
  numberType: type,
  losingCarrierId: losingCarrier.id,
  losingCarrierName: losingCarrier.name,
  fastPort,
  carrierAsks: asks,
});
