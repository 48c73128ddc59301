import { Injectable } from '@nestjs/common';
import { PortingCarrier } from '@trunkline/carriers/server';
import { AppError, Clock, newId } from '@trunkline/kernel';
import type { E164, TenantContext } from '@trunkline/kernel';
import { numbersHere } from '@trunkline/numbers/server';
import { Database, Sealer, expectRevision } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { portingErrors } from '../core/errors.ts';
import { demandEditable } from '../core/port-guards.ts';
import type { PortCustomer } from '../core/port-requirements.ts';
import { allowedCommands } from '../core/step-port-in.ts';
import { deletePortNumbers, insertPortNumbers, lockPort, setOrderFields } from './ports.sql.ts';
import type { Port, PortOrderRow } from './ports.sql.ts';
import { wantRecord } from './port-records.sql.ts';
import { pinContext } from './port-sheet.ts';
import { recordPort } from './record-port.ts';
import type { NewEntry } from './record-port.ts';
import { settledBy } from './settle-port.ts';

export type PortOrderChange = {
  readonly numbers?: readonly E164[] | undefined;
  readonly fields?: Readonly<Record<string, string>> | undefined;
  readonly pin?: string | null | undefined;
  readonly customer?: PortCustomer | undefined;
};

/** Corrects what the tenant says about the account, or which numbers it is about while that is a draft. What is complete then is ready. */
@Injectable()
export class UpdatePortOrder {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly sealer: Sealer,
    private readonly carrier: PortingCarrier,
  ) {}

  /** @throws AppError resource.not_found, port_order.command_refused, port_order.number_unavailable */
  execute(ctx: TenantContext, id: string, change: PortOrderChange): Promise<void> {
    return this.db.tx(ctx, async (tx) => {
      const port = await lockPort(tx, ctx.tenantId, id);
      const { row, standing } = port;
      expectRevision(ctx, row.revision);
      const { state } = standing;
      demandEditable(standing);
      if (change.numbers && state !== 'draft')
        throw new AppError(portingErrors.commandRefused, `The order is ${state}`, { members: { state, allowed: allowedCommands(state) } });
      const next = this.changed(row, change);
      await setOrderFields(tx, next);
      const entries: NewEntry[] = change.numbers ? [{ event: 'numbers_changed', numbers: change.numbers }] : [{ event: 'edited' }];
      if (change.numbers) await replaceNumbers(tx, port, change.numbers);
      const changed = await lockPort(tx, ctx.tenantId, id);
      const now = this.clock.now();
      // told more of the account, a losing carrier may tell what it did not
      if (row.recordState === 'untold' && this.carrier.abilities.customerRecords) await wantRecord(tx, ctx.tenantId, id, now);
      await recordPort(tx, ctx, changed, [...entries, ...(await settledBy(tx, this.sealer, changed, now))], now);
    });
  }

  private changed(row: PortOrderRow, { fields = {}, pin, customer = row.customer }: PortOrderChange): PortOrderRow {
    const changed = Object.keys(fields).filter((name) => fields[name] !== row.fields[name]);
    const fixedFields = [...new Set([...row.fixedFields, ...changed, ...(pin === undefined ? [] : ['pin'])])];
    const pinSealed = pin === undefined ? row.pinSealed : pin === null ? null : this.sealer.seal(pin, pinContext(row.projectId));
    return { ...row, fields: { ...row.fields, ...fields }, customer, pinSealed, fixedFields };
  }
}

const replaceNumbers = async (tx: Tx, { row, numbers }: Port, wanted: readonly E164[]): Promise<void> => {
  const before = new Set<string>(numbers.map((n) => n.e164));
  const added = [...new Set(wanted)].filter((e164) => !before.has(e164)).sort();
  await deletePortNumbers(
    tx,
    row.tenantId,
    row.id,
    [...before].filter((e164) => !wanted.includes(e164 as E164)),
  );
  const taken = await insertPortNumbers(
    tx,
    row.tenantId,
    row.id,
    added.map((e164) => ({ id: newId(), e164 })),
  );
  const here = await numbersHere(tx, added);
  const refused = added.filter((e164) => !taken.has(e164) || here.has(e164));
  if (refused.length === 0) return;
  const errors = refused.map((e164) => ({
    pointer: `/numbers/${wanted.indexOf(e164)}`,
    code: 'unavailable',
    detail: `${e164} is here already, or is being ported`,
  }));
  throw new AppError(portingErrors.numberUnavailable, undefined, { errors });
};
