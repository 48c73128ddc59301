import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
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
  pageOut,
  pageQuery,
  priceIn,
  timestampOut,
} from '@trunkline/platform';
import { z } from 'zod';
import { minorToWire } from './billing.schema.ts';
import { newRefund, refundOut, refundToWire } from './refunds.http.ts';
import { RequestRefund } from './request-refund.ts';
import { RequestTopUp } from './request-top-up.ts';
import { TopUpQueries } from './top-up-queries.ts';
import type { TopUpView } from './top-up-queries.ts';

export const newTopUp = z
  .strictObject({ amount: priceIn().describe('In the currency of the tenant, whole minor units') })
  .meta({ id: 'NewTopUp' });
export const topUpOut = z
  .strictObject({
    id: idOut('topUp'),
    object: z.literal('top_up'),
    origin: z.enum(['manual', 'automatic']),
    amount: moneyOut,
    state: z.enum(['pending', 'requires_action', 'succeeded', 'failed']),
    decline_code: z.string().nullable().describe('Why it failed').meta({ example: 'insufficient_funds' }),
    action_url: z.string().nullable().describe('Where the cardholder confirms the payment, within 24 hours'),
    created_at: timestampOut(),
    settled_at: timestampOut().nullable(),
  })
  .meta({ id: 'TopUp' });

export const topUpToWire = (t: TopUpView): z.infer<typeof topUpOut> => ({
  id: toPublicId('topUp', t.id),
  object: 'top_up',
  origin: t.origin,
  amount: minorToWire(t.amountMinor, t.currency),
  state: t.state,
  decline_code: t.declineCode,
  action_url: t.actionUrl,
  created_at: t.createdAt.toISOString(),
  settled_at: t.settledAt?.toISOString() ?? null,
});

const page = z.strictObject(pageQuery);
const id = idIn('topUp');

@ApiTags('Billing')
@Controller('v1/top-ups')
export class TopUpsController {
  constructor(
    private readonly request: RequestTopUp,
    private readonly refund: RequestRefund,
    private readonly queries: TopUpQueries,
  ) {}

  @Post()
  @Allow('billing:write')
  @ApiOperation({ operationId: 'createTopUp', summary: 'Put money on the balance by card' })
  @Returns(201, topUpOut, 'Begun: the card is charged next')
  @Problems(400, 403, 409, 422)
  async post(@Tenant() ctx: TenantContext, @Body({ schema: newTopUp }) { amount }: z.infer<typeof newTopUp>) {
    return topUpToWire(await this.request.execute(ctx, amount));
  }

  @Get()
  @Allow('billing:read')
  @ApiOperation({ operationId: 'listTopUps', summary: 'List top-ups' })
  @Returns(200, pageOut(topUpOut, 'TopUpPage'), 'A page')
  @Problems(400, 403)
  async list(@Tenant() ctx: TenantContext, @Query({ schema: page }) query: z.infer<typeof page>) {
    const { data, nextCursor } = await this.queries.list(ctx, query);
    return { data: data.map(topUpToWire), next_cursor: nextCursor };
  }

  @Get(':id')
  @Allow('billing:read')
  @ApiOperation({ operationId: 'getTopUp', summary: 'Get a top-up' })
  @Returns(200, topUpOut, 'The top-up')
  @Problems(403, 404)
  async get(@Tenant() ctx: TenantContext, @Param('id', { schema: id }) topUpId: string) {
    return topUpToWire(await this.queries.byId(ctx, topUpId));
  }

  @Post(':id/refunds')
  @OperatorOnly()
  @ApiOperation({ operationId: 'refundTopUp', summary: 'Give a top-up back, as far as it is not spent' })
  @Returns(201, refundOut, 'Begun: the money is sent next')
  @Problems(400, 404, 409, 422)
  async giveBack(
    @Operator() ctx: SystemContext,
    @Param('id', { schema: id }) topUpId: string,
    @Body({ schema: newRefund }) { amount, reason }: z.infer<typeof newRefund>,
  ) {
    return refundToWire(await this.refund.execute(ctx, { kind: 'top_up', id: topUpId }, amount ?? null, reason));
  }
}
