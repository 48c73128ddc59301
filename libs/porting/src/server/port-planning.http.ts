import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Clock, invalidField } from '@trunkline/kernel';
import type { E164, TenantContext } from '@trunkline/kernel';
import { Allow, Problems, Returns, Tenant, idIn } from '@trunkline/platform';
import type { z } from 'zod';
import { withCarriers } from '../core/carrier-asks.ts';
import { earliestFoc } from '../core/earliest-foc.ts';
import { readNumberList } from '../core/number-list.ts';
import { numberZone } from '../core/number-zone.ts';
import { portRequirements } from '../core/port-requirements.ts';
import { CarrierAsks } from './carrier-asks.ts';
import { CarrierHolidays } from './carrier-holidays.ts';
import {
  dateOut,
  dateQuery,
  numberListIn,
  numberListOut,
  orderDateOut,
  requirementsOut,
  requirementsQuery,
} from './port-planning.schema.ts';
import { PortDates } from './port-dates.ts';
import { carrierAsksToWire } from './porting.schema.ts';

const orderId = { schema: idIn('portOrder') };
const NUMBERS_MAX = 5_000;

/** What is good to know before a port is drafted. Nothing of it is about anybody's numbers in particular. */
@ApiTags('Porting')
@Controller('v1')
export class PortPlanningController {
  constructor(
    private readonly clock: Clock,
    private readonly holidays: CarrierHolidays,
    private readonly asks: CarrierAsks,
    private readonly dates: PortDates,
  ) {}

  @Get('port-requirements')
  @Allow('porting:read')
  @ApiOperation({ operationId: 'getPortRequirements', summary: 'Get what a port of such numbers has to tell and show' })
  @Returns(200, requirementsOut, 'Fields and documents')
  @Problems(400, 403)
  async requirements(@Query({ schema: requirementsQuery }) query: z.infer<typeof requirementsQuery>) {
    const ours = portRequirements(query);
    if (!ours)
      throw invalidField('/query/type', 'not_portable', `${query.type} numbers of ${query.country} are not ported for such a customer`);
    const asks = await this.asks.of(query);
    const found = withCarriers(ours, asks, query.country);
    const documents = found.documents.map(({ kind, maxAgeDays }) => ({ kind, max_age_days: maxAgeDays }));
    return { object: 'port_requirements' as const, fields: [...found.fields], documents, carrier_asks: carrierAsksToWire(asks) };
  }

  @Get('port-dates')
  @Allow('porting:read')
  @ApiOperation({ operationId: 'getEarliestPortDate', summary: 'Get the earliest date of a port that is submitted now' })
  @Returns(200, dateOut, 'The date')
  @Problems(400, 403)
  async date(@Tenant() ctx: TenantContext, @Query({ schema: dateQuery }) asked: z.infer<typeof dateQuery>) {
    const { number, from_range_holder: fromRangeHolder, losing_carrier_id: losingCarrierId, ...query } = asked;
    const e164 = number as E164;
    if (!numberZone(e164, query.country)) throw invalidField('/query/number', 'mismatch', `${number} is no number of ${query.country}`);
    const carrierDays = await this.holidays.daysOf(ctx, query.country, losingCarrierId ?? null);
    const found = earliestFoc({ ...query, fromRangeHolder, e164, receivedAt: this.clock.now(), carrierDays });
    if (!found) throw invalidField('/query/country', 'unknown', 'There is no rule for it: the carrier names the date');
    const { date, at, timeZone, negotiated } = found;
    return { object: 'port_date' as const, date, at: at.toISOString(), time_zone: timeZone, negotiated };
  }

  @Get('port-orders/:id/date')
  @Allow('porting:read')
  @ApiOperation({ operationId: 'getPortOrderDate', summary: 'Get the earliest date that an order can be asked for now' })
  @Returns(200, orderDateOut, 'The date')
  @Problems(403, 404)
  async orderDate(@Tenant() ctx: TenantContext, @Param('id', orderId) id: string) {
    const { earliestAt, windows } = await this.dates.of(ctx, id);
    const told = windows.map(({ from, to }) => ({ from: from.toISOString(), to: to.toISOString() }));
    return { object: 'port_order_date' as const, earliest_at: earliestAt?.toISOString() ?? null, windows: told };
  }

  @Post('port-number-lists')
  @HttpCode(200)
  @Allow('porting:read')
  @ApiOperation({ operationId: 'readPortNumbers', summary: 'Read a pasted list of numbers, sorted as orders will be' })
  @Returns(200, numberListOut, 'The numbers, and what could not be read')
  @Problems(400, 403)
  numbers(@Body({ schema: numberListIn }) { text, country }: z.infer<typeof numberListIn>) {
    const { groups, faults } = readNumberList(text, country, NUMBERS_MAX);
    return { object: 'port_number_list' as const, groups: groups.map((g) => ({ ...g, numbers: [...g.numbers] })), faults: [...faults] };
  }
}
