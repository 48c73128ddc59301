import { Body, Controller, Get, Param, Patch, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { moneyToWire } from '@trunkline/kernel';
import type { SystemContext, TenantContext } from '@trunkline/kernel';
import { Allow, Operator, OperatorOnly, Problems, Returns, Tenant, idIn, moneyOut, priceIn } from '@trunkline/platform';
import { z } from 'zod';
import { minorToWire } from './billing.schema.ts';
import { ChangeBillingSettings } from './change-billing-settings.ts';
import type { BillingSettings } from './change-billing-settings.ts';

const mode = z.enum(['postpaid', 'prepaid']);
const modeChange = z.strictObject({ billing_mode: mode }).meta({ id: 'BillingModeChange' });
export const settingsChange = z
  .strictObject({
    auto_top_up: z
      .strictObject({
        below: priceIn().describe('Top up when less than this is left'),
        amount: priceIn().describe('By this, in whole minor units'),
        daily_max: priceIn().describe('No more than this in 24 hours'),
      })
      .nullable()
      .describe('Null: no automatic top-ups. They work while the tenant is prepaid'),
  })
  .meta({ id: 'BillingSettingsChange' });
export const settingsOut = z
  .strictObject({
    object: z.literal('billing_settings'),
    billing_mode: mode.describe('Decided by the operator'),
    available: moneyOut.describe(
      'What is left to spend, beside invoices that are collected by themselves; a prepaid tenant without any is held',
    ),
    auto_top_up: z.strictObject({ below: moneyOut, amount: moneyOut, daily_max: moneyOut }).nullable(),
  })
  .meta({ id: 'BillingSettings' });

export const settingsToWire = ({ mode: billing_mode, auto, currency, availableNanos }: BillingSettings): z.infer<typeof settingsOut> => ({
  object: 'billing_settings',
  billing_mode,
  available: moneyToWire(availableNanos, currency),
  auto_top_up: auto && {
    below: moneyToWire(auto.belowNanos, currency),
    amount: minorToWire(auto.amountMinor, currency),
    daily_max: minorToWire(auto.dailyMaxMinor, currency),
  },
});

export const autoTopUpOf = ({ auto_top_up: auto }: z.infer<typeof settingsChange>) =>
  auto && { below: auto.below, amount: auto.amount, dailyMax: auto.daily_max };

@ApiTags('Billing')
@Controller('v1/billing-settings')
export class BillingSettingsController {
  constructor(private readonly settings: ChangeBillingSettings) {}

  @Get()
  @Allow('billing:read')
  @ApiOperation({ operationId: 'getBillingSettings', summary: 'Get how the tenant pays' })
  @Returns(200, settingsOut, 'The settings')
  @Problems(403)
  async get(@Tenant() ctx: TenantContext) {
    return settingsToWire(await this.settings.read(ctx, ctx.tenantId));
  }

  @Patch()
  @Allow('billing:write')
  @ApiOperation({ operationId: 'updateBillingSettings', summary: 'Have the balance topped up by itself, or not' })
  @Returns(200, settingsOut, 'The changed settings')
  @Problems(400, 403)
  async patch(@Tenant() ctx: TenantContext, @Body({ schema: settingsChange }) body: z.infer<typeof settingsChange>) {
    return settingsToWire(await this.settings.setAutoTopUp(ctx, autoTopUpOf(body)));
  }
}

@ApiTags('Billing')
@Controller('v1/tenants/:id/billing-mode')
export class BillingModeController {
  constructor(private readonly settings: ChangeBillingSettings) {}

  @Put()
  @OperatorOnly()
  @ApiOperation({ operationId: 'setBillingMode', summary: 'Have a tenant pay before or after it calls' })
  @Returns(200, settingsOut, 'How it pays from now on')
  @Problems(400, 404, 409)
  async put(
    @Operator() ctx: SystemContext,
    @Param('id', { schema: idIn('tenant') }) id: string,
    @Body({ schema: modeChange }) { billing_mode }: z.infer<typeof modeChange>,
  ) {
    return settingsToWire(await this.settings.setMode(ctx, id, billing_mode));
  }
}
