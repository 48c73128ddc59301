import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { toPublicId } from '@trunkline/kernel';
import type { IdKind, SystemContext, TenantContext } from '@trunkline/kernel';
import {
  Allow,
  Operator,
  OperatorOnly,
  Problems,
  Returns,
  Tenant,
  idIn,
  idOut,
  moneyOut,
  pageOut,
  pageQuery,
  priceIn,
  text,
  timestampOut,
} from '@trunkline/platform';
import { z } from 'zod';
import { minorToWire } from './billing.schema.ts';
import { RefundQueries } from './refund-queries.ts';
import type { DisputeView } from './refund-queries.ts';
import { RequestRefund } from './request-refund.ts';
import type { RefundView } from './request-refund.ts';

const idOrNull = (kind: IdKind, id: string | null): string | null => id && toPublicId(kind, id);
export const newRefund = z
  .strictObject({ amount: priceIn().optional().describe('All that is left when absent; whole minor units'), reason: text(500) })
  .meta({ id: 'NewRefund' });
export const refundOut = z
  .strictObject({
    id: idOut('refund'),
    object: z.literal('refund'),
    invoice_id: z.string().nullable(),
    top_up_id: z.string().nullable(),
    credit_note_id: z.string().nullable().describe('The credit note that it pays out'),
    amount: moneyOut,
    reason: z.string(),
    state: z.enum(['pending', 'succeeded', 'failed']),
    created_at: timestampOut(),
    settled_at: timestampOut().nullable(),
  })
  .meta({ id: 'Refund' });
export const refundToWire = (r: RefundView): z.infer<typeof refundOut> => ({
  id: toPublicId('refund', r.id),
  object: 'refund',
  invoice_id: idOrNull('invoice', r.invoiceId),
  top_up_id: idOrNull('topUp', r.topUpId),
  credit_note_id: idOrNull('creditNote', r.creditNoteId),
  amount: minorToWire(r.amountMinor, r.currency),
  reason: r.reason,
  state: r.state,
  created_at: r.createdAt.toISOString(),
  settled_at: r.settledAt?.toISOString() ?? null,
});

export const disputeOut = z
  .strictObject({
    id: idOut('dispute'),
    object: z.literal('dispute'),
    tenant_id: idOut('tenant'),
    invoice_id: z.string().nullable(),
    top_up_id: z.string().nullable(),
    amount: moneyOut,
    reason: z.string().meta({ example: 'fraudulent' }),
    state: z.enum(['inquiry', 'open', 'won', 'lost']),
    opened_at: timestampOut(),
    closed_at: timestampOut().nullable(),
  })
  .meta({ id: 'Dispute' });
export const disputeToWire = (d: DisputeView): z.infer<typeof disputeOut> => ({
  id: toPublicId('dispute', d.id),
  object: 'dispute',
  tenant_id: toPublicId('tenant', d.tenantId),
  invoice_id: idOrNull('invoice', d.invoiceId),
  top_up_id: idOrNull('topUp', d.topUpId),
  amount: minorToWire(d.amountMinor, d.currency),
  reason: d.reason,
  state: d.state,
  opened_at: d.openedAt.toISOString(),
  closed_at: d.closedAt?.toISOString() ?? null,
});
const page = z.strictObject(pageQuery);

@ApiTags('Billing')
@Controller('v1/invoices')
export class InvoiceRefundsController {
  constructor(private readonly refund: RequestRefund) {}

  @Post(':id/refunds')
  @OperatorOnly()
  @ApiOperation({ operationId: 'refundInvoice', summary: 'Give back what was paid for an invoice, as a gift: the invoice stays as it is' })
  @Returns(201, refundOut, 'Begun: the money is sent next')
  @Problems(400, 404, 409, 422)
  async post(
    @Operator() ctx: SystemContext,
    @Param('id', { schema: idIn('invoice') }) id: string,
    @Body({ schema: newRefund }) { amount, reason }: z.infer<typeof newRefund>,
  ) {
    return refundToWire(await this.refund.execute(ctx, { kind: 'invoice', id }, amount ?? null, reason));
  }
}

@ApiTags('Billing')
@Controller('v1/refunds')
export class RefundsController {
  constructor(private readonly queries: RefundQueries) {}

  @Get()
  @Allow('billing:read')
  @ApiOperation({ operationId: 'listRefunds', summary: 'List refunds' })
  @Returns(200, pageOut(refundOut, 'RefundPage'), 'A page')
  @Problems(400, 403)
  async list(@Tenant() ctx: TenantContext, @Query({ schema: page }) query: z.infer<typeof page>) {
    const { data, nextCursor } = await this.queries.refunds(ctx, query);
    return { data: data.map(refundToWire), next_cursor: nextCursor };
  }
}

@ApiTags('Billing')
@Controller('v1/disputes')
export class DisputesController {
  constructor(private readonly queries: RefundQueries) {}

  @Get()
  @OperatorOnly()
  @ApiOperation({ operationId: 'listDisputes', summary: 'List payments that cardholders dispute' })
  @Returns(200, pageOut(disputeOut, 'DisputePage'), 'A page')
  @Problems(400)
  async list(@Operator() ctx: SystemContext, @Query({ schema: page }) query: z.infer<typeof page>) {
    const { data, nextCursor } = await this.queries.disputes(ctx, query);
    return { data: data.map(disputeToWire), next_cursor: nextCursor };
  }
}
