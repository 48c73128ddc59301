import { Body, Controller, Get, Inject, Patch } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { SystemContext, TenantContext } from '@trunkline/kernel';
import { Allow, Operator, OperatorOnly, Problems, Returns, Tenant } from '@trunkline/platform';
import { z } from 'zod';
import { MASKED_AFTER_DAYS } from '../core/retention.ts';
import type { CallSettings } from '../core/retention.ts';
import type { RetentionReport } from './retention.sql.ts';
import { ChangeCallSettings } from './change-call-settings.ts';
import { CALLS_KEPT_MONTHS, EnforceRetention } from './enforce-retention.ts';

const days = z.int().min(1).max(3650).nullable();
const fields = {
  calls_masked_after_days: days.describe(`When the other party’s number loses its last four digits; null: after ${MASKED_AFTER_DAYS} days`),
  calls_retention_days: days.describe('When calls are deleted; null: after the months that the platform keeps'),
};
export const settingsChange = z
  .strictObject({
    calls_masked_after_days: fields.calls_masked_after_days.optional(),
    calls_retention_days: fields.calls_retention_days.optional(),
  }) // prettier-ignore
  .meta({ id: 'CallSettingsChange' });
export const settingsOut = z.strictObject({ object: z.literal('call_settings'), ...fields, platform_masked_after_days: z.int(), platform_kept_months: z.int() }).meta({ id: 'CallSettings' }); // prettier-ignore
export const reportOut = z
  .strictObject({
    object: z.literal('call_retention'),
    unmasked_overdue: z.int().describe('Calls whose numbers are whole though they should be masked: 0, or the job has not run for a while'),
    unrated_overdue: z.int().describe('Calls past that time that keep their numbers because they wait for a rate'),
    oldest_partition: z.string().nullable(),
  })
  .meta({ id: 'CallRetention' });

export const callSettingsToWire = ({ maskedAfterDays, retentionDays }: CallSettings, keptMonths: number): z.infer<typeof settingsOut> => ({
  object: 'call_settings',
  calls_masked_after_days: maskedAfterDays,
  calls_retention_days: retentionDays,
  platform_masked_after_days: MASKED_AFTER_DAYS,
  platform_kept_months: keptMonths,
});
export const reportToWire = (r: RetentionReport): z.infer<typeof reportOut> => ({
  object: 'call_retention',
  unmasked_overdue: r.unmaskedOverdue,
  unrated_overdue: r.unratedOverdue,
  oldest_partition: r.oldestPartition,
});

@ApiTags('Calls')
@Controller('v1')
export class CallSettingsController {
  constructor(
    private readonly settings: ChangeCallSettings,
    private readonly retention: EnforceRetention,
    @Inject(CALLS_KEPT_MONTHS) private readonly keptMonths: number,
  ) {}

  @Get('call-settings')
  @Allow('calls:read')
  @ApiOperation({ operationId: 'getCallSettings', summary: 'Get how long calls are kept, and their numbers whole' })
  @Returns(200, settingsOut, 'The settings')
  @Problems(403)
  async get(@Tenant() ctx: TenantContext) {
    return callSettingsToWire(await this.settings.read(ctx), this.keptMonths);
  }

  @Patch('call-settings')
  @Allow('calls:write')
  @ApiOperation({ operationId: 'changeCallSettings', summary: 'Change how long calls are kept, and their numbers whole' })
  @Returns(200, settingsOut, 'The changed settings')
  @Problems(400, 403)
  async patch(@Tenant() ctx: TenantContext, @Body({ schema: settingsChange }) body: z.infer<typeof settingsChange>) {
    const change = { maskedAfterDays: body.calls_masked_after_days, retentionDays: body.calls_retention_days };
    return callSettingsToWire(await this.settings.execute(ctx, change), this.keptMonths);
  }

  @Get('call-retention')
  @OperatorOnly()
  @ApiOperation({ operationId: 'getCallRetention', summary: 'Count what is overdue for masking' })
  @Returns(200, reportOut, 'The counts')
  @Problems(403)
  async report(@Operator() ctx: SystemContext) {
    return reportToWire(await this.retention.report(ctx));
  }
}
