import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { TenantContext } from '@trunkline/kernel';
import {
  Allow,
  BULK_ITEMS_MAX,
  Problems,
  Returns,
  Tenant,
  bulkIn,
  bulkOut,
  bulkToWire,
  e164In,
  pageOut,
  pageQuery,
  timestampOut,
} from '@trunkline/platform';
import type { Outcome } from '@trunkline/platform';
import { z } from 'zod';
import type { Reservation } from './reservations.sql.ts';
import { ReserveNumbers } from './reserve-numbers.ts';

const reservations = bulkIn(z.strictObject({ number: e164In() })).meta({ id: 'NumberReservations' });
export const reservationOut = z
  .strictObject({
    object: z.literal('number_reservation'),
    number: z.string(),
    country: z.string(),
    reserved_at: timestampOut(),
    reserved_until: timestampOut().describe('Until then nobody else can have it'),
  })
  .meta({ id: 'NumberReservation' });
const reservationsOut = bulkOut(reservationOut).meta({ id: 'NumberReservationBulk' });
const page = z.strictObject(pageQuery);

export const reservationToWire = (r: Reservation): z.infer<typeof reservationOut> => ({
  object: 'number_reservation',
  number: r.e164,
  country: r.country,
  reserved_at: r.reservedAt.toISOString(),
  reserved_until: r.reservedUntil.toISOString(),
});
const numbersOf = ({ items }: z.infer<typeof reservations>) => items.map(({ number }) => number);
const toWire = (ctx: TenantContext, outcomes: readonly Outcome<Reservation>[]) => bulkToWire(ctx, outcomes, reservationToWire);

@ApiTags('Numbers')
@Controller('v1/number-reservations')
export class NumberReservationsController {
  constructor(private readonly reserve: ReserveNumbers) {}

  @Post()
  @Allow('numbers:write')
  @ApiOperation({
    operationId: 'reserveNumbers',
    summary: `Keep up to ${BULK_ITEMS_MAX} numbers for 15 minutes; each is kept or refused by itself`,
  })
  @Returns(200, reservationsOut, 'What became of each')
  @Problems(400, 403, 409, 422)
  async post(@Tenant() ctx: TenantContext, @Body({ schema: reservations }) body: z.infer<typeof reservations>) {
    return toWire(ctx, await this.reserve.reserve(ctx, numbersOf(body)));
  }

  @Post('extend')
  @Allow('numbers:write')
  @ApiOperation({
    operationId: 'extendNumberReservations',
    summary: 'Keep reserved numbers for 15 minutes from now; for a day in all at most',
  })
  @Returns(200, reservationsOut, 'What became of each')
  @Problems(400, 403, 422)
  async extend(@Tenant() ctx: TenantContext, @Body({ schema: reservations }) body: z.infer<typeof reservations>) {
    return toWire(ctx, await this.reserve.prolong(ctx, numbersOf(body)));
  }

  @Post('release')
  @Allow('numbers:write')
  @ApiOperation({ operationId: 'releaseNumberReservations', summary: 'Let others have numbers that were reserved' })
  @Returns(200, reservationsOut, 'What became of each')
  @Problems(400, 403, 422)
  async release(@Tenant() ctx: TenantContext, @Body({ schema: reservations }) body: z.infer<typeof reservations>) {
    return toWire(ctx, await this.reserve.drop(ctx, numbersOf(body)));
  }

  @Get()
  @Allow('numbers:read')
  @ApiOperation({ operationId: 'listNumberReservations', summary: 'List the numbers that are kept for the tenant now' })
  @Returns(200, pageOut(reservationOut, 'NumberReservationPage'), 'A page, in the order of the numbers')
  @Problems(400, 403)
  async list(@Tenant() ctx: TenantContext, @Query({ schema: page }) query: z.infer<typeof page>) {
    const { data, nextCursor } = await this.reserve.list(ctx, query);
    return { data: data.map(reservationToWire), next_cursor: nextCursor };
  }
}
