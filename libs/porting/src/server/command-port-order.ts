import { Injectable } from '@nestjs/common';
import { PortingCarrier } from '@trunkline/carriers/server';
import type { FocWindow } from '@trunkline/carriers';
import { AppError, Clock } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, Sealer, expectRevision } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { isKnownToPort } from '@trunkline/tenancy/server';
import { demandDate } from '../core/demand-date.ts';
import { portingErrors } from '../core/errors.ts';
import { demandWhole, orderFaults } from '../core/order-faults.ts';
import { demandBeforeCutoff, demandCommand, demandFixed, demandReversible } from '../core/port-guards.ts';
import type { EntryData } from '../core/port-history.ts';
import { CarrierHolidays } from './carrier-holidays.ts';
import { PortDates } from './port-dates.ts';
import { sheetOf } from './port-sheet.ts';
import { lockPort, readOrder, setOrderFields } from './ports.sql.ts';
import type { Port } from './ports.sql.ts';
import { recordPort } from './record-port.ts';

export type PortOrderCommand = 'resubmit' | 'reschedule' | 'cancel' | 'activate_now' | 'reverse' | 'approve' | 'return_for_changes';

/** What somebody wants of an order as it stands. What needs the carrier is asked of it afterwards; its answer comes by itself. */
@Injectable()
export class CommandPortOrder {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly sealer: Sealer,
    private readonly carrier: PortingCarrier,
    private readonly holidays: CarrierHolidays,
    private readonly dates: PortDates,
  ) {}

  /** @throws AppError resource.not_found, port_order.command_refused with what is allowed, kyc.required, and what else the command demands */
  async execute(ctx: TenantContext, id: string, command: PortOrderCommand, data: EntryData = {}): Promise<void> {
    const windows = data.requestedFocAt ? await this.windowsOf(ctx, id) : [];
    return this.db.tx(ctx, async (tx) => {
      const port = await lockPort(tx, ctx.tenantId, id);
      expectRevision(ctx, port.row.revision);
      const now = this.clock.now();
      demandCommand(port.standing, command);
      this.demand(ctx, port, command, now);
      if (command === 'resubmit') {
        await isKnownToPort(tx, ctx.tenantId, now); // what was approved at the submission may be over by now
        demandWhole(orderFaults(await sheetOf(tx, this.sealer, port), now));
      }
      if (data.requestedFocAt) await this.demandDate(tx, ctx, port, new Date(data.requestedFocAt), windows, now);
      if (command === 'resubmit') await setOrderFields(tx, { ...port.row, fixedFields: [] });
      await recordPort(tx, ctx, port, [{ event: command, data }], now);
    });
  }

  /** Whether the date is taken by a carrier that has the order already, which is asked before anything is locked. */
  private async windowsOf(ctx: TenantContext, id: string): Promise<readonly FocWindow[]> {
    const { carrierRef } = await this.db.read(ctx, (tx) => readOrder(tx, ctx.tenantId, id));
    return this.dates.windowsOf(carrierRef);
  }

  private async demandDate(
    tx: Tx,
    ctx: TenantContext,
    port: Port,
    requestedAt: Date,
    windows: readonly FocWindow[],
    now: Date,
  ): Promise<void> {
    const carrierDays = await this.holidays.daysOf(ctx, port.row.country, port.row.losingCarrierId);
    demandDate(requestedAt, await sheetOf(tx, this.sealer, port), carrierDays, now, windows);
  }

  private demand(ctx: TenantContext, { row, standing }: Port, command: PortOrderCommand, now: Date): void {
    const { cutoffHours, onDemandActivation } = this.carrier.abilities;
    if (command === 'cancel' || command === 'reschedule') demandBeforeCutoff(standing, cutoffHours, now);
    if (command === 'resubmit') demandFixed(standing, new Set(row.fixedFields));
    if (command === 'activate_now' && !(onDemandActivation && row.fastPort)) throw new AppError(portingErrors.notOnDemand);
    if (command === 'reverse') demandReversible(standing, ctx.actor.type === 'operator', now);
    if (command === 'approve' && ctx.actor.id === row.createdBy) throw new AppError(portingErrors.ownReview);
  }
}
