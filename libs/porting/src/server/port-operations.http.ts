import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import type { RawBodyRequest } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { SystemContext } from '@trunkline/kernel';
import { Operator, OperatorOnly, Problems, Public, Returns, idIn, pageOut, pageQuery } from '@trunkline/platform';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { PortQueries } from './port-queries.ts';
import {
  portOrderOut,
  portOrderSummaryOut,
  portOrderSummaryToWire,
  portOrderToWire,
  portReason,
  rejectionCountToWire,
  rejectionCountsOut,
} from './porting.schema.ts';
import { ReceivePortEvent } from './receive-port-event.ts';
import { RehearsePort } from './rehearse-port.ts';
import { ReviewPortOrder } from './review-port-order.ts';

const id = { schema: idIn('portOrder') };
const listQuery = z.strictObject(pageQuery);
const countQuery = z.strictObject({ days: z.coerce.number().int().min(1).max(366).default(30) });
const received = z.strictObject({ received: z.literal(true) }).meta({ id: 'CarrierEventReceived' });

/** What the operator and the carriers do with ports. */
@ApiTags('Porting')
@Controller('v1')
export class PortOperationsController {
  constructor(
    private readonly review: ReviewPortOrder,
    private readonly rehearse: RehearsePort,
    private readonly receive: ReceivePortEvent,
    private readonly queries: PortQueries,
  ) {}

  @Get('port-reviews')
  @OperatorOnly()
  @ApiOperation({ operationId: 'listPortReviews', summary: 'List port orders that wait for a review, the oldest first' })
  @Returns(200, pageOut(portOrderSummaryOut, 'PortReviewPage'), 'A page')
  @Problems(400, 403)
  async list(@Operator() ctx: SystemContext, @Query({ schema: listQuery }) query: z.infer<typeof listQuery>) {
    const { data, nextCursor } = await this.queries.inReview(ctx, query);
    return { data: data.map(portOrderSummaryToWire), next_cursor: nextCursor };
  }

  @Post('port-reviews/:id/approve')
  @HttpCode(202)
  @OperatorOnly()
  @ApiOperation({ operationId: 'approvePortOrder', summary: 'Let a port order go to the carrier' })
  @Returns(202, portOrderOut, 'On its way')
  @Problems(403, 404, 409, 422)
  async approve(@Operator() ctx: SystemContext, @Param('id', id) orderId: string) {
    return portOrderToWire(await this.review.execute(ctx, orderId, 'approve'));
  }

  @Post('port-reviews/:id/return')
  @HttpCode(200)
  @OperatorOnly()
  @ApiOperation({ operationId: 'returnPortOrder', summary: 'Give a port order back to its tenant to be corrected' })
  @Returns(200, portOrderOut, 'Returned')
  @Problems(400, 403, 404, 409, 422)
  async giveBack(
    @Operator() ctx: SystemContext,
    @Param('id', id) orderId: string,
    @Body({ schema: portReason }) { reason }: z.infer<typeof portReason>,
  ) {
    return portOrderToWire(await this.review.execute(ctx, orderId, 'return_for_changes', reason));
  }

  @Post('port-rehearsals/:id/advance')
  @HttpCode(200)
  @OperatorOnly()
  @ApiOperation({ operationId: 'advancePortRehearsal', summary: 'Let the emulated carrier take its next step at once' })
  @Returns(200, portOrderOut, 'The order after it')
  @Problems(403, 404, 409, 422)
  async advance(@Operator() ctx: SystemContext, @Param('id', id) orderId: string) {
    return portOrderToWire(await this.rehearse.execute(ctx, orderId));
  }

  @Get('port-rejection-counts')
  @OperatorOnly()
  @ApiOperation({ operationId: 'listPortRejectionCounts', summary: 'Count refusals by reason and losing carrier' })
  @Returns(200, rejectionCountsOut, 'The most frequent first')
  @Problems(400, 403)
  async counts(@Operator() ctx: SystemContext, @Query({ schema: countQuery }) { days }: z.infer<typeof countQuery>) {
    return { data: (await this.queries.rejectionCounts(ctx, days)).map(rejectionCountToWire) };
  }

  @Post('carriers/port-events')
  @HttpCode(200)
  @Public()
  @ApiOperation({ operationId: 'receiveCarrierPortEvent', summary: 'For carriers: tells that something is different with a port' })
  @Returns(200, received, 'Kept')
  @Problems(400)
  async post(@Req() { rawBody, id: requestId }: RawBodyRequest<FastifyRequest>, @Headers() headers: Readonly<Record<string, string>>) {
    await this.receive.execute({ rawBody: rawBody ?? new Uint8Array(), header: (name) => headers[name] }, requestId);
    return { received: true };
  }
}
