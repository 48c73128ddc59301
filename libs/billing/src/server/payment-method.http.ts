import { Body, Controller, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { TenantContext } from '@trunkline/kernel';
import { Allow, Problems, Returns, Tenant } from '@trunkline/platform';
import { z } from 'zod';
import { ChangePaymentMethod } from './change-payment-method.ts';

export const methodChange = z
  .strictObject({
    payment_method_id: z
      .string()
      .regex(/^pm_[A-Za-z0-9_]{1,100}$/, 'must be a payment method of Stripe, e.g. pm_card_visa')
      .meta({ example: 'pm_card_visa' }),
  })
  .meta({ id: 'PaymentMethodChange' });
export const methodOut = z
  .strictObject({ object: z.literal('payment_method'), payment_method_id: z.string() })
  .meta({ id: 'PaymentMethod' });

@ApiTags('Billing')
@Controller('v1/payment-method')
export class PaymentMethodController {
  constructor(private readonly changeMethod: ChangePaymentMethod) {}

  @Put()
  @Allow('billing:write')
  @ApiOperation({ operationId: 'setPaymentMethod', summary: 'Set what invoices are paid with' })
  @Returns(200, methodOut, 'The payment method, with its lasting id')
  @Problems(400, 403)
  async put(@Tenant() ctx: TenantContext, @Body({ schema: methodChange }) body: z.infer<typeof methodChange>) {
    return { object: 'payment_method', payment_method_id: await this.changeMethod.execute(ctx, body.payment_method_id) };
  }
}
