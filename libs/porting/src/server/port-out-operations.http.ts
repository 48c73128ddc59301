import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { RawBodyRequest } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Clock } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { tenantContext } from '@trunkline/kernel';
import { Operator, OperatorOnly, Problems, Public, Returns, idIn, pageOut, pageQuery } from '@trunkline/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { CarrierHolidays } from './carrier-holidays.ts';
import { PortOutQueries } from './port-out-queries.ts';
import {
  carrierHolidayOut,
  carrierHolidayQuery,
  carrierHolidayToWire,
  newCarrierHoliday,
  newPortOutRehearsal,
  portOutAnswerOut,
  portOutAnswerToWire,
  portOutOut,
  portOutRehearsalOut,
  portOutSettlement,
  portOutStep,
  portOutToWire,
} from './port-outs.schema.ts';
import { ReceivePortOut } from './receive-port-out.ts';
import { RehearsePortOut } from './rehearse-port-out.ts';
import { SettlePortOutDispute } from './settle-port-out-dispute.ts';

const HOUR_MS = 3_600_000;
const disputeQuery = z.strictObject(pageQuery);
const id = { schema: idIn('portOut') };
const holidayId = { schema: idIn('carrierHoliday') };

/** What the operator and the carriers do with numbers that leave, and the days that carriers keep. */
@ApiTags('Porting')
@Controller('v1')
export class PortOutOperationsController {
  constructor(
    private readonly clock: Clock,
    private readonly receive: ReceivePortOut,
    private readonly rehearse: RehearsePortOut,
    private readonly settlement: SettlePortOutDispute,
    private readonly queries: PortOutQueries,
    private readonly holidays: CarrierHolidays,
  ) {}

  @Post('carriers/port-out-requests')
  @HttpCode(200)
  @Public()
  @ApiOperation({ operationId: 'receiveCarrierPortOut', summary: 'For carriers: asks for numbers, or tells that a request is different' })
  @Returns(200, portOutAnswerOut, 'Kept; with the answer for a carrier that waits on the line, in its own words where it has some')
  @Problems(400)
  async post(
    @Req() { rawBody, id: requestId }: RawBodyRequest<FastifyRequest>,
    @Headers() headers: Readonly<Record<string, string>>,
    @Res({ passthrough: true }) response: FastifyReply,
  ) {
    const message = { rawBody: rawBody ?? new Uint8Array(), header: (name: string) => headers[name] };
    const { answer, reply } = await this.receive.execute(message, requestId);
    if (reply) void response.type(reply.contentType).serializer(() => reply.body);
    return portOutAnswerToWire(answer);
  }

  @Post('port-out-rehearsals')
  @OperatorOnly()
  @ApiOperation({ operationId: 'rehearsePortOut', summary: 'Have the emulated carrier ask for numbers' })
  @Returns(201, portOutRehearsalOut, 'Asked; with the answer if it waited for one')
  @Problems(400, 403, 409, 422)
  async ask(@Operator() ctx: SystemContext, @Body({ schema: newPortOutRehearsal }) body: z.infer<typeof newPortOutRehearsal>) {
    const asked = {
      numbers: body.numbers,
      pin: body.pin,
      accountNumber: body.account_number,
      postalCode: body.postal_code,
      subscriberName: body.subscriber_name,
      purchaseOrder: null,
      winningCarrier: { id: null, name: body.winning_carrier },
      deadline: new Date(this.clock.now().getTime() + body.hours_to_answer * HOUR_MS),
    };
    const { ref, answer } = await this.rehearse.ask(ctx, asked, body.on_the_line);
    return { carrier_reference: ref, answer: portOutAnswerToWire(answer) };
  }

  @Post('port-out-rehearsals/:id/advance')
  @HttpCode(200)
  @OperatorOnly()
  @ApiOperation({ operationId: 'advancePortOutRehearsal', summary: 'Have the emulated carrier go on with a request' })
  @Returns(200, portOutOut, 'The request after it')
  @Problems(400, 403, 404, 409, 422)
  async advance(
    @Operator() ctx: SystemContext,
    @Param('id', id) portOutId: string,
    @Body({ schema: portOutStep }) { step }: z.infer<typeof portOutStep>,
  ) {
    const tenantId = await this.rehearse.advance(ctx, portOutId, step);
    return portOutToWire(await this.queries.byId(tenantContext(tenantId, ctx.actor, ctx.requestId), portOutId));
  }

  @Get('port-out-disputes')
  @OperatorOnly()
  @ApiOperation({ operationId: 'listPortOutDisputes', summary: 'List disputes of numbers that left, the oldest first' })
  @Returns(200, pageOut(portOutOut, 'PortOutDisputePage'), 'A page')
  @Problems(400, 403)
  async disputes(@Operator() ctx: SystemContext, @Query({ schema: disputeQuery }) query: z.infer<typeof disputeQuery>) {
    const { data, nextCursor } = await this.queries.disputed(ctx, query);
    return { data: data.map(portOutToWire), next_cursor: nextCursor };
  }

  @Post('port-out-disputes/:id/settle')
  @HttpCode(200)
  @OperatorOnly()
  @ApiOperation({ operationId: 'settlePortOutDispute', summary: 'Write down how a dispute ended, as the carrier does not' })
  @Returns(200, portOutOut, 'The request after it')
  @Problems(400, 403, 404, 409, 422)
  async settle(
    @Operator() ctx: SystemContext,
    @Param('id', id) portOutId: string,
    @Body({ schema: portOutSettlement }) { outcome, reason }: z.infer<typeof portOutSettlement>,
  ) {
    return portOutToWire(await this.settlement.execute(ctx, portOutId, outcome, reason));
  }

  @Get('carrier-holidays')
  @OperatorOnly()
  @ApiOperation({ operationId: 'listCarrierHolidays', summary: 'List days that carriers keep unlike others' })
  @Returns(200, pageOut(carrierHolidayOut, 'CarrierHolidayPage'), 'A page')
  @Problems(400, 403)
  async list(@Operator() ctx: SystemContext, @Query({ schema: carrierHolidayQuery }) query: z.infer<typeof carrierHolidayQuery>) {
    const { data, nextCursor } = await this.holidays.list(ctx, query);
    return { data: data.map(carrierHolidayToWire), next_cursor: nextCursor };
  }

  @Post('carrier-holidays')
  @OperatorOnly()
  @ApiOperation({ operationId: 'addCarrierHoliday', summary: 'Say that carriers keep a day closed, or work on it' })
  @Returns(201, carrierHolidayOut, 'Added: dates of ports heed it from now on')
  @Problems(400, 403, 409, 422)
  async add(@Operator() ctx: SystemContext, @Body({ schema: newCarrierHoliday }) body: z.infer<typeof newCarrierHoliday>) {
    const { losing_carrier_id: losingCarrierId, ...rest } = body;
    return carrierHolidayToWire(await this.holidays.add(ctx, { ...rest, losingCarrierId }));
  }

  @Delete('carrier-holidays/:id')
  @HttpCode(204)
  @OperatorOnly()
  @ApiOperation({ operationId: 'removeCarrierHoliday', summary: 'Take such a day away' })
  @ApiResponse({ status: 204, description: 'Removed' })
  @Problems(403, 404)
  async remove(@Operator() ctx: SystemContext, @Param('id', holidayId) id: string): Promise<void> {
    await this.holidays.remove(ctx, id);
  }
}
