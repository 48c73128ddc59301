import { Controller, Headers, Param, Post, Req } from '@nestjs/common';
import type { RawBodyRequest } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Problems, Public, Returns } from '@trunkline/platform';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ReceiveSupplierEvent } from './receive-supplier-event.ts';

const received = z.strictObject({ received: z.literal(true) }).meta({ id: 'SupplierEventReceived' });
const supplier = { schema: z.string().regex(/^[a-z]{1,40}$/).meta({ example: 'telnyx' }) }; // prettier-ignore

/** Open to everybody, since carriers have no key of ours: their signature over the raw body is what counts. */
@ApiTags('Numbers')
@Controller('v1/number-suppliers')
export class NumberSuppliersController {
  constructor(private readonly receive: ReceiveSupplierEvent) {}

  @Post(':supplier/events')
  @Public()
  @ApiOperation({ operationId: 'receiveNumberSupplierEvent', summary: 'For carriers: tells that there is news of an order of numbers' })
  @Returns(200, received, 'Heard')
  @Problems(400, 404)
  async post(
    @Req() { rawBody, id }: RawBodyRequest<FastifyRequest>,
    @Param('supplier', supplier) name: string,
    @Headers() headers: Record<string, string | undefined>,
  ) {
    await this.receive.execute(name, { rawBody: rawBody ?? new Uint8Array(), header: (key) => headers[key] }, id);
    return { received: true };
  }
}
