import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { moneyToWire, toPublicId } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Allow, Problems, Returns, Tenant, idOut, moneyOut, pageOut, pageQuery, timestampOut } from '@trunkline/platform';
import { z } from 'zod';
import { LedgerQueries } from './ledger-queries.ts';
import type { PostingView } from './ledger-queries.ts';

const balanceOut = z
  .strictObject({
    object: z.literal('balance'),
    balance: moneyOut.describe('Credit is positive, debt negative'),
    owed: moneyOut.describe('The same with the sign changed'),
    currency: z.string(),
  })
  .meta({ id: 'Balance' });

const postingOut = z
  .strictObject({
    id: idOut('posting'),
    object: z.literal('posting'),
    kind: z.string().meta({ example: 'usage_outbound' }),
    month: z.string().describe('The month in which the service was rendered').meta({ example: '2026-11' }),
    amount: moneyOut.describe('What it added to what is owed; negative for a payment or credit'),
    count: z.int().describe('Calls, channels or numbers'),
    seconds: z.int().describe('Billed seconds of calls'),
    reference: z.string(),
    posted_at: timestampOut(),
  })
  .meta({ id: 'Posting' });

const toWire = (p: PostingView): z.infer<typeof postingOut> => ({
  id: toPublicId('posting', p.id),
  object: 'posting',
  kind: p.kind,
  month: p.month.toISOString().slice(0, 7),
  amount: moneyToWire(p.amountNanos, p.currency),
  count: p.count,
  seconds: Number(p.seconds),
  reference: p.reference,
  posted_at: p.postedAt.toISOString(),
});

const page = z.strictObject(pageQuery);

@ApiTags('Billing')
@Controller('v1')
export class LedgerController {
  constructor(private readonly queries: LedgerQueries) {}

  @Get('balance')
  @Allow('billing:read')
  @ApiOperation({ operationId: 'getBalance', summary: 'Get the balance: everything charged and paid until now' })
  @Returns(200, balanceOut, 'The balance')
  @Problems(403)
  async balance(@Tenant() ctx: TenantContext) {
    const { owedNanos, currency } = await this.queries.balance(ctx);
    return { object: 'balance', balance: moneyToWire(-owedNanos, currency), owed: moneyToWire(owedNanos, currency), currency };
  }

  @Get('postings')
  @Allow('billing:read')
  @ApiOperation({ operationId: 'listPostings', summary: 'List what was charged and paid' })
  @Returns(200, pageOut(postingOut, 'PostingPage'), 'A page')
  @Problems(400, 403)
  async postings(@Tenant() ctx: TenantContext, @Query({ schema: page }) query: z.infer<typeof page>) {
    const { data, nextCursor } = await this.queries.postings(ctx, query);
    return { data: data.map(toWire), next_cursor: nextCursor };
  }
}
