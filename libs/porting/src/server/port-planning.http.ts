import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Clock, invalidField } from '@trunkline/kernel';
import type { E164, TenantContext } from '@trunkline/kernel';
import { Allow, Problems, Returns, Tenant } from '@trunkline/platform';
import type { z } from 'zod';
import { earliestFoc } from '../core/earliest-foc.ts';
import { readNumberList } from '../core/number-list.ts';
import { numberZone } from '../core/number-zone.ts';
import { portRequirements } from '../core/port-requirements.ts';
import { CarrierHolidays } from './carrier-holidays.ts';
import { dateOut, dateQuery, numberListIn, numberListOut, requirementsOut, requirementsQuery } from './port-planning.schema.ts';

const NUMBERS_MAX = 5_000;

/** What is good to know before a port is drafted. Nothing of it is about anybody's numbers in particular. */
@ApiTags('Porting')
@Controller('v1')
export class PortPlanningController {
  constructor(
    private readonly clock: Clock,
    private readonly holidays: CarrierHolidays,
  ) {}

  @Get('port-requirements')
  @Allow('porting:read')
  @ApiOperation({ operationId: 'getPortRequirements', summary: 'Get what a port of such numbers has to tell and show' })
  @Returns(200, requirementsOut, 'Fields and documents')
  @Problems(400, 403)
  requirements(@Query({ schema: requirementsQuery }) query: z.infer<typeof requirementsQuery>) {
    const found = portRequirements(query);
    if (!found)
      throw invalidField('/query/type', 'not_portable', `${query.type} numbers of ${query.country} are not ported for such a customer`);
    const documents = found.documents.map(({ kind, maxAgeDays }) => ({ kind, max_age_days: maxAgeDays }));
    return { object: 'port_requirements' as const, fields: [...found.fields], documents };
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
