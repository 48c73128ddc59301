import { Injectable } from '@nestjs/common';
import { PortingCarrier } from '@trunkline/carriers/server';
import type { CustomerRecord, Portability } from '@trunkline/carriers';
import { Clock, newId } from '@trunkline/kernel';
import { Database, Sealer } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { orderFaults } from '../core/order-faults.ts';
import { splitPort } from '../core/split-port.ts';
import type { PortGroup } from '../core/split-port.ts';
import { sheetOf } from './port-sheet.ts';
import { portingContext } from './porting-context.ts';
import { describeOrder, insertPortOrder, lockPort, movePortNumbers } from './ports.sql.ts';
import type { Port } from './ports.sql.ts';
import { recordPort } from './record-port.ts';
import type { NewEntry } from './record-port.ts';

/** By the numbers of the group, joined. */
export type RecordsOfGroups = ReadonlyMap<string, CustomerRecord>;
type RecordedGroup = PortGroup & { readonly record: CustomerRecord | null };

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

  /** @param records what the losing carrier told of each group's account */
  execute(tenantId: string, id: string, results: readonly Portability[], records: RecordsOfGroups = new Map()): Promise<void> {
    const ctx = portingContext(tenantId);
    return this.db.tx(ctx, async (tx) => {
      const port = await lockPort(tx, tenantId, id);
      if (port.standing.state !== 'validating') return; // somebody else was faster
      const now = this.clock.now();
      const bad = results.filter((r) => !r.portable);
      if (bad.length > 0) {
        const reasons = Object.fromEntries(bad.map((r) => [r.e164, r.reason ?? 'OTHER']));
        const event = bad.length === results.length ? 'checked_all_bad' : 'checked_some_bad';
        await recordPort(tx, ctx, port, [{ event, data: { reasons } }], now);
        return;
      }
      const [own, ...others] = this.groupsOf(results).map((group) => ({ ...group, record: records.get(group.numbers.join()) ?? null }));
      if (!own) return;
      for (const group of others) await this.branchOff(tx, port, group, now);
      await describeOrder(tx, tenantId, id, described(own));
      const narrowed: NewEntry[] = others.length > 0 ? [{ event: 'numbers_changed', numbers: own.numbers }] : [];
      const rest = { ...port, row: { ...port.row, ...described(own) }, numbers: port.numbers.filter((n) => own.numbers.includes(n.e164)) };
      await recordPort(tx, ctx, rest, [...narrowed, await this.checked(tx, rest, now)], now);
    });
  }

  private async branchOff(tx: Tx, { row }: Port, group: RecordedGroup, now: Date): Promise<void> {
    const { tenantId, projectId, fields, customer, pinSealed } = row;
    const ctx = portingContext(tenantId);
    const id = newId();
    await insertPortOrder(tx, tenantId, { id, projectId, fields, customer, pinSealed }, now);
    await movePortNumbers(tx, tenantId, row.id, id, group.numbers);
    await describeOrder(tx, tenantId, id, described(group));
    const port = await lockPort(tx, tenantId, id);
    const opened = { event: 'opened', numbers: group.numbers, data: { reason: `Split from ${row.id}` } } as const;
    await recordPort(tx, ctx, port, [opened, { event: 'check' }, await this.checked(tx, port, now)], now);
  }

  private async checked(tx: Tx, port: Port, now: Date): Promise<NewEntry> {
    const faults = orderFaults(await sheetOf(tx, this.sealer, port), now);
    return { event: faults.length > 0 ? 'checked_incomplete' : 'checked_ready' };
  }
}

const described = ({ country, type, losingCarrier, fastPort, record }: RecordedGroup) => ({
  country,
  numberType: type,
  losingCarrierId: losingCarrier.id,
  losingCarrierName: losingCarrier.name,
  fastPort,
  customerRecord: record,
});
