import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { toPublicId } from '@trunkline/kernel';
import type { SystemContext, TenantContext } from '@trunkline/kernel';
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
  priceIn,
  text,
  timestampOut,
} from '@trunkline/platform';
import { z } from 'zod';
import { minorToWire } from './billing.schema.ts';
import { CreditNoteQueries } from './credit-note-queries.ts';
import type { CreditNoteView } from './credit-note-queries.ts';
import { IssueCreditNote } from './issue-credit-note.ts';

const category = z.string().max(60).describe('The category of a line of the invoice').meta({ example: 'usage.outbound' });
const newCreditNote = z
  .strictObject({
    lines: z
      .array(
        z
          .strictObject({ category, amount: priceIn().describe('In whole minor units'), reason: text(500) })
          .meta({ id: 'NewCreditNoteLine' }),
      )
      .min(1)
      .max(50),
    when_paid: z
      .enum(['refund', 'balance'])
      .default('refund')
      .describe('What becomes of the money when the invoice is paid: back to the card, or kept for the next'),
  })
  .meta({ id: 'NewCreditNote' });
export const creditNoteOut = z
  .strictObject({
    id: idOut('creditNote'),
    object: z.literal('credit_note'),
    invoice_id: idOut('invoice'),
    number: z.string().meta({ example: 'INV-202611-000042-C1' }),
    settlement: z.enum(['reduce', 'refund', 'balance']).describe('Less is collected, paid back, or kept on the balance'),
    state: z.enum(['issued', 'void']),
    total: moneyOut,
    lines: z.array(z.strictObject({ position: z.int(), category, amount: moneyOut, reason: z.string() }).meta({ id: 'CreditNoteLine' })),
    issued_at: timestampOut(),
  })
  .meta({ id: 'CreditNote' });
const creditNotes = z.strictObject({ data: z.array(creditNoteOut) }).meta({ id: 'CreditNotes' });

export const creditNoteToWire = (n: CreditNoteView): z.infer<typeof creditNoteOut> => ({
  id: toPublicId('creditNote', n.id),
  object: 'credit_note',
  invoice_id: toPublicId('invoice', n.invoiceId),
  number: n.number,
  settlement: n.settlement,
  state: n.state,
  total: minorToWire(n.totalMinor, n.currency),
  lines: n.lines.map(({ position, category: of, reason, amountMinor }) => ({
    position,
    category: of,
    amount: minorToWire(amountMinor, n.currency),
    reason,
  })),
  issued_at: n.issuedAt.toISOString(),
});

const id = idIn('invoice');

@ApiTags('Billing')
@Controller('v1/invoices/:id/credit-notes')
export class CreditNotesController {
  constructor(
    private readonly issue: IssueCreditNote,
    private readonly queries: CreditNoteQueries,
  ) {}

  @Post()
  @OperatorOnly()
  @ApiOperation({ operationId: 'createCreditNote', summary: 'Take back a part of an issued invoice' })
  @Returns(201, creditNoteOut, 'Issued; it does not change any more')
  @Problems(400, 404, 409, 422)
  async post(
    @Operator() ctx: SystemContext,
    @Param('id', { schema: id }) invoiceId: string,
    @Body({ schema: newCreditNote }) { lines, when_paid: paid }: z.infer<typeof newCreditNote>,
  ) {
    const wanted = lines.map(({ amount: amountNanos, ...line }) => ({ ...line, amountNanos }));
    return creditNoteToWire(await this.issue.execute(ctx, invoiceId, { lines: wanted, paid }));
  }

  @Get()
  @Allow('billing:read')
  @ApiOperation({ operationId: 'listCreditNotes', summary: 'List the credit notes of an invoice' })
  @Returns(200, creditNotes, 'All of them')
  @Problems(403, 404)
  async list(@Tenant() ctx: TenantContext, @Param('id', { schema: id }) invoiceId: string) {
    return { data: (await this.queries.ofInvoice(ctx, ctx.tenantId, invoiceId)).map(creditNoteToWire) };
  }
}
