import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { moneyToWire, toPublicId } from '@trunkline/kernel';
import type { AboveContext } from '@trunkline/kernel';
import { Above, AllowAbove, Problems, Returns, idOut, moneyOut, pageOut, pageQuery } from '@trunkline/platform';
import { z } from 'zod';
import { TenantUsageQueries } from './tenant-usage-queries.ts';
import type { TenantUsage } from './tenant-usage-queries.ts';

export const tenantUsageOut = z
  .strictObject({
    object: z.literal('tenant_usage'),
    tenant_id: idOut('tenant'),
    month: z.string().meta({ example: '2026-11' }),
    charges: z.array(
      z.strictObject({
        kind: z.string().meta({ example: 'usage_outbound' }),
        count: z.int().describe('Calls, channels or numbers'),
        seconds: z.int().describe('Billed seconds of calls'),
        amount: moneyOut,
      }),
    ),
  })
  .meta({ id: 'TenantUsage' });

export const tenantUsageToWire = ({ tenantId, month, charges }: TenantUsage): z.infer<typeof tenantUsageOut> => ({
  object: 'tenant_usage',
  tenant_id: toPublicId('tenant', tenantId),
  month,
  charges: charges.map(({ kind, count, seconds, amountNanos, currency }) => ({
    kind,
    count: Number(count),
    seconds: Number(seconds),
    amount: moneyToWire(amountNanos, currency),
  })),
});

export const tenantUsageQuery = z.strictObject({
  ...pageQuery,
  month: z.string().regex(/^20\d\d-(0[1-9]|1[0-2])$/, 'must be a month like 2026-11'),
});

@ApiTags('Tenants')
@Controller('v1/tenant-usage')
export class TenantUsageController {
  constructor(private readonly queries: TenantUsageQueries) {}

  @Get()
  @AllowAbove('tenants:read')
  @ApiOperation({ operationId: 'listTenantUsage', summary: 'List what each tenant below was charged for a month' })
  @Returns(200, pageOut(tenantUsageOut, 'TenantUsagePage'), 'A page')
  @Problems(400, 403)
  async list(@Above() ctx: AboveContext, @Query({ schema: tenantUsageQuery }) { month, ...query }: z.infer<typeof tenantUsageQuery>) {
    const { data, nextCursor } = await this.queries.list(ctx, month, query);
    return { data: data.map(tenantUsageToWire), next_cursor: nextCursor };
  }
}
