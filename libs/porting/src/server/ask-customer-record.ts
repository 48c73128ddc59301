import { Injectable } from '@nestjs/common';
import { CarrierRefusal, PortingCarrier } from '@trunkline/carriers/server';
import type { CustomerRecord, RecordAnswer } from '@trunkline/carriers';
import { Clock } from '@trunkline/kernel';
import { Database, Log, Sealer, publish } from '@trunkline/platform';
import { askAgainAt } from '../core/record-patience.ts';
import { isTerminal } from '../core/step-port-in.ts';
import { saveRecord } from './port-records.sql.ts';
import { pinOf } from './port-sheet.ts';
import { portingContext } from './porting-context.ts';
import { readPort } from './ports.sql.ts';
import type { Port, PortOrderRow } from './ports.sql.ts';

type Next = Pick<PortOrderRow, 'recordState' | 'recordRef' | 'recordReason' | 'recordDueAt'> & { readonly record?: CustomerRecord };
type Order = Pick<Port, 'row' | 'numbers'>;

/**
 * Has the losing carrier asked for its record of an order's account, and asks after it until it is there or will not come. The carrier is asked outside
 * of any transaction; killed in between, it is asked again. What does not come stops no port.
 */
@Injectable()
export class AskCustomerRecord {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly sealer: Sealer,
    private readonly carrier: PortingCarrier,
  ) {}

  async execute(tenantId: string, id: string): Promise<void> {
    const ctx = portingContext(tenantId);
    const order = await this.db.read(ctx, (tx) => readPort(tx, tenantId, id));
    const { row } = order;
    if (row.recordDueAt === null || row.recordSince === null) return;
    const next = isTerminal(row.state) ? { ...row, recordDueAt: null } : await this.next(order, row.recordSince);
    await this.db.tx(ctx, async (tx) => {
      const isWanted = await saveRecord(tx, row, next);
      const data = { portOrderId: id, portProjectId: row.projectId, state: row.state, focAt: row.focAt?.toISOString() ?? null };
      if (isWanted && next.record) publish(tx, { type: 'port_order.record_told', tenantId, data });
    });
  }

  private async next(order: Order, since: Date): Promise<Next> {
    let ref = order.row.recordRef;
    try {
      ref ??= await this.ask(order, since);
      return this.heard(ref, await this.carrier.record(ref), since);
    } catch (err) {
      if (err instanceof CarrierRefusal) return ended('untold', ref, err.message);
      this.log.warn({ portOrderId: order.row.id, err }, 'the carrier did not say what the losing one has on record');
      return this.heard(ref, { kind: 'pending' }, since);
    }
  }

  private ask({ row, numbers }: Order, since: Date): Promise<string> {
    const e164s = numbers.map((n) => n.e164);
    const fields: Readonly<Record<string, string>> = { ...row.fields, ...pinOf(this.sealer, row) };
    const number = fields['billing_number'] ?? e164s[0] ?? '';
    return this.carrier.requestRecord({ orderId: row.id, number, numbers: e164s, fields, since });
  }

  private heard(ref: string | null, answer: RecordAnswer, since: Date): Next {
    if (answer.kind === 'told') return { ...ended('told', ref, null), record: answer.record };
    if (answer.kind === 'untold') return ended('untold', ref, answer.reason);
    const again = askAgainAt(since, this.clock.now());
    if (again === null) return ended('untold', ref, 'The losing carrier did not answer');
    return { recordState: ref === null ? 'wanted' : 'asked', recordRef: ref, recordReason: null, recordDueAt: again };
  }
}

const ended = (recordState: 'told' | 'untold', recordRef: string | null, recordReason: string | null): Next => ({
  ...{ recordState, recordRef, recordReason, recordDueAt: null },
});
