import { Body, Controller, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { SystemContext } from '@trunkline/kernel';
import { Operator, OperatorOnly, Problems, Returns } from '@trunkline/platform';
import { z } from 'zod';
import { RunInvoices } from './run-invoices.ts';

const newRun = z
  .strictObject({
    month: z
      .string()
      .regex(/^20\d\d-(0[1-9]|1[0-2])$/, 'must be a month like 2026-11')
      .meta({ example: '2026-11' }),
  })
  .meta({ id: 'NewInvoiceRun' });
const runOut = z
  .strictObject({
    object: z.literal('invoice_run'),
    month: z.string(),
    issued: z.int(),
    nothing_due: z.int(),
    already_issued: z.int(),
    failed: z.int().describe('Changed nothing; run again'),
  })
  .meta({ id: 'InvoiceRun' });

@ApiTags('Billing')
@Controller('v1/invoice-runs')
export class InvoiceRunsController {
  constructor(private readonly run: RunInvoices) {}

  @Post()
  @OperatorOnly()
  @ApiOperation({ operationId: 'runInvoices', summary: 'Close a month and issue its invoices' })
  @Returns(201, runOut, 'How it ended, in tenants')
  @Problems(400, 409, 422)
  async post(@Operator() ctx: SystemContext, @Body({ schema: newRun }) { month }: z.infer<typeof newRun>) {
    const { issued, nothingDue, alreadyIssued, failed } = await this.run.execute(ctx, month);
    return { object: 'invoice_run', month, issued, nothing_due: nothingDue, already_issued: alreadyIssued, failed };
  }
}
