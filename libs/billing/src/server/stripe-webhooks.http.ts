import { Controller, Headers, Post, Req } from '@nestjs/common';
import type { RawBodyRequest } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Problems, Public, Returns } from '@trunkline/platform';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ReceiveWebhook } from './receive-webhook.ts';

const received = z.strictObject({ received: z.literal(true) }).meta({ id: 'WebhookReceived' });

/** Open to everybody, since Stripe has no key of ours: its signature over the raw body is what counts. */
@ApiTags('Billing')
@Controller('v1/stripe/webhooks')
export class StripeWebhooksController {
  constructor(private readonly receive: ReceiveWebhook) {}

  @Post()
  @Public()
  @ApiOperation({ operationId: 'receiveStripeWebhook', summary: 'For Stripe: tells of events' })
  @Returns(200, received, 'Kept')
  @Problems(400)
  async post(@Req() request: RawBodyRequest<FastifyRequest>, @Headers('stripe-signature') signature: string | undefined) {
    await this.receive.execute(request.rawBody ?? new Uint8Array(), signature ?? '', request.id);
    return { received: true };
  }
}
