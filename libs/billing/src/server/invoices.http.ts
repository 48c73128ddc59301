import { Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { TenantContext } from '@trunkline/kernel';
import { Allow, Problems, Returns, Tenant, idIn, pageOut, pageQuery } from '@trunkline/platform';
import { z } from 'zod';
import { invoiceOut, invoiceSummaryOut, invoiceToWire, summaryToWire, upcomingOut, upcomingToWire } from './billing.schema.ts';
import { InvoiceQueries } from './invoice-queries.ts';
import { PayInvoice } from './pay-invoice.ts';
import { UpcomingInvoice } from './upcoming-invoice.ts';

const page = z.strictObject(pageQuery);
const id = idIn('invoice');

@ApiTags('Billing')
@Controller('v1/invoices')
export class InvoicesController {
  constructor(
    private readonly queries: InvoiceQueries,
    private readonly upcoming: UpcomingInvoice,
    private readonly payInvoice: PayInvoice,
  ) {}

  @Get('upcoming')
  @Allow('billing:read')
  @ApiOperation({ operationId: 'getUpcomingInvoice', summary: 'Get what the open month costs, as things stand now' })
  @Returns(200, upcomingOut, 'The open month')
  @Problems(403)
  async open(@Tenant() ctx: TenantContext) {
    return upcomingToWire(await this.upcoming.execute(ctx));
  }

  @Get()
  @Allow('billing:read')
  @ApiOperation({ operationId: 'listInvoices', summary: 'List invoices' })
  @Returns(200, pageOut(invoiceSummaryOut, 'InvoicePage'), 'A page')
  @Problems(400, 403)
  async list(@Tenant() ctx: TenantContext, @Query({ schema: page }) query: z.infer<typeof page>) {
    const { data, nextCursor } = await this.queries.list(ctx, query);
    return { data: data.map(summaryToWire), next_cursor: nextCursor };
  }

  @Get(':id')
  @Allow('billing:read')
  @ApiOperation({ operationId: 'getInvoice', summary: 'Get an invoice with its lines' })
  @Returns(200, invoiceOut, 'The invoice')
  @Problems(403, 404)
  async get(@Tenant() ctx: TenantContext, @Param('id', { schema: id }) invoiceId: string) {
    return invoiceToWire(await this.queries.byId(ctx, ctx.tenantId, invoiceId));
  }

  @Post(':id/pay')
  @Allow('billing:write')
  @ApiOperation({ operationId: 'payInvoice', summary: 'Try again to collect an invoice' })
  @Returns(200, invoiceOut, 'The paid invoice')
  @Problems(402, 403, 404, 409, 422)
  async pay(@Tenant() ctx: TenantContext, @Param('id', { schema: id }) invoiceId: string) {
    return invoiceToWire(await this.payInvoice.execute(ctx, invoiceId));
  }
}
