import { Injectable } from '@nestjs/common';
import { CarrierRefusal, PortingCarrier } from '@trunkline/carriers/server';
import { takenFrom } from '@trunkline/carriers';
import type { FocWindow } from '@trunkline/carriers';
import { Clock } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, Log, Sealer } from '@trunkline/platform';
import { earliestDate } from '../core/demand-date.ts';
import { CarrierHolidays } from './carrier-holidays.ts';
import { sheetOf } from './port-sheet.ts';
import { readPort } from './ports.sql.ts';

/** When an order's numbers can come: by the calendar, and by the carrier that has the order, as far as it tells. */
@Injectable()
export class PortDates {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly sealer: Sealer,
    private readonly carrier: PortingCarrier,
    private readonly holidays: CarrierHolidays,
  ) {}

  /** @throws AppError resource.not_found */
  async of(ctx: TenantContext, id: string): Promise<{ readonly earliestAt: Date | null; readonly windows: readonly FocWindow[] }> {
    const { row, sheet } = await this.db.read(ctx, async (tx) => {
      const port = await readPort(tx, ctx.tenantId, id);
      return { row: port.row, sheet: await sheetOf(tx, this.sealer, port) };
    });
    const carrierDays = await this.holidays.daysOf(ctx, row.country, row.losingCarrierId);
    const windows = await this.windowsOf(row.carrierRef);
    return { earliestAt: takenFrom(earliestDate(sheet, carrierDays, this.clock.now()), windows), windows };
  }

  /** A carrier that does not tell refuses nothing by that: the calendar decides. Asked outside of any transaction. */
  async windowsOf(carrierRef: string | null): Promise<readonly FocWindow[]> {
    if (carrierRef === null) return [];
    return this.carrier.focWindows(carrierRef).catch((err: unknown) => {
      if (!(err instanceof CarrierRefusal)) this.log.warn({ carrierRef, err }, 'the carrier did not say when it takes numbers over');
      return [];
    });
  }
}
