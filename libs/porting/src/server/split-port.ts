import { Injectable } from '@nestjs/common';
import { PortingCarrier } from '@trunkline/carriers/server';
import type { Portability } from '@trunkline/carriers';
import { Clock, newId } from '@trunkline/kernel';
import { Database } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { gapsOf } from '../core/port-gaps.ts';
import { splitPort } from '../core/split-port.ts';
import type { PortGroup } from '../core/split-port.ts';
import { portingContext } from './porting-context.ts';
import { describeOrder, insertPortOrder, lockPort, movePortNumbers } from './ports.sql.ts';
import type { Port } from './ports.sql.ts';
import { recordPort } from './record-port.ts';
import type { NewEntry } from './record-port.ts';

/** What a portability check makes of an order: one for each group that a carrier takes as one. Of numbers that cannot be ported it says which. */
@Injectable()
export class SplitPort {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly carrier: PortingCarrier,
  ) {}

  execute(tenantId: string, id: string, results: readonly Portability[]): Promise<void> {
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
      const [own, ...others] = splitPort(results, this.carrier.abilities.numbersMax);
      if (!own) return;
      for (const group of others) await this.branchOff(tx, port, group, now);
      await describeOrder(tx, tenantId, id, described(own));
      const narrowed: NewEntry[] = others.length > 0 ? [{ event: 'numbers_changed', numbers: own.numbers }] : [];
      const rest = { ...port, row: { ...port.row, ...described(own) }, numbers: port.numbers.filter((n) => own.numbers.includes(n.e164)) };
      await recordPort(tx, ctx, rest, [...narrowed, checked(port)], now);
    });
  }

  private async branchOff(tx: Tx, { row }: Port, group: PortGroup, now: Date): Promise<void> {
    const { tenantId, projectId, fields, pinSealed } = row;
    const ctx = portingContext(tenantId);
    const id = newId();
    await insertPortOrder(tx, tenantId, { id, projectId, fields, pinSealed }, now);
    await movePortNumbers(tx, tenantId, row.id, id, group.numbers);
    await describeOrder(tx, tenantId, id, described(group));
    const port = await lockPort(tx, tenantId, id);
    const opened = { event: 'opened', numbers: group.numbers, data: { reason: `Split from ${row.id}` } } as const;
    await recordPort(tx, ctx, port, [opened, { event: 'check' }, checked(port)], now);
  }
}

const checked = ({ row }: Port): NewEntry => ({ event: gapsOf(row.fields).length > 0 ? 'checked_incomplete' : 'checked_ready' });

const described = ({ country, type, losingCarrier, fastPort }: PortGroup) => ({
  country,
  numberType: type,
  losingCarrierId: losingCarrier.id,
  losingCarrierName: losingCarrier.name,
  fastPort,
});
