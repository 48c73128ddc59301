import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { moneyToWire, toPublicId } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import {
  CanDryRun,
  Operator,
  OperatorOnly,
  Problems,
  Returns,
  currency,
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
import type { Plan } from '../core/plan.ts';
import { CreatePlan } from './create-plan.ts';
import type { StoredPlan } from './create-plan.ts';
import { PlanQueries } from './plan-queries.ts';

const newPlan = z
  .strictObject({
    name: text(120).meta({ example: 'Standard USD' }),
    currency: currency(),
    channel_monthly: priceIn().describe('Each channel, by the month'),
    channel_setup: priceIn().describe('Each channel, once'),
    number_monthly: priceIn().describe('Each number, by the month'),
    number_setup: priceIn().describe('Each number, once'),
    outbound_deck_id: idIn('deck'),
    inbound_deck_id: idIn('deck').nullable().default(null).describe('null: calls received are free'),
  })
  .meta({ id: 'NewPlan' });
type NewPlanBody = z.infer<typeof newPlan>;

export const planOut = z
  .strictObject({
    id: idOut('plan'),
    object: z.literal('plan'),
    name: z.string(),
    currency: z.string(),
    channel_monthly: moneyOut,
    channel_setup: moneyOut,
    number_monthly: moneyOut,
    number_setup: moneyOut,
    outbound_deck_id: idOut('deck'),
    inbound_deck_id: idOut('deck').nullable(),
    created_at: timestampOut(),
  })
  .meta({ id: 'Plan' });

const fromWire = (b: NewPlanBody): Plan & { name: string } => ({
  name: b.name,
  currency: b.currency,
  channelMonthlyNanos: b.channel_monthly,
  channelSetupNanos: b.channel_setup,
  numberMonthlyNanos: b.number_monthly,
  numberSetupNanos: b.number_setup,
  outboundDeckId: b.outbound_deck_id,
  inboundDeckId: b.inbound_deck_id,
});

export const planToWire = (p: StoredPlan): z.infer<typeof planOut> => ({
  id: toPublicId('plan', p.id),
  object: 'plan',
  name: p.name,
  currency: p.currency,
  channel_monthly: moneyToWire(p.channelMonthlyNanos, p.currency),
  channel_setup: moneyToWire(p.channelSetupNanos, p.currency),
  number_monthly: moneyToWire(p.numberMonthlyNanos, p.currency),
  number_setup: moneyToWire(p.numberSetupNanos, p.currency),
  outbound_deck_id: toPublicId('deck', p.outboundDeckId),
  inbound_deck_id: p.inboundDeckId && toPublicId('deck', p.inboundDeckId),
  created_at: p.createdAt.toISOString(),
});

const page = z.strictObject(pageQuery);

@ApiTags('Prices')
@Controller('v1/plans')
export class PlansController {
  constructor(
    private readonly create: CreatePlan,
    private readonly queries: PlanQueries,
  ) {}

  @Post()
  @OperatorOnly()
  @CanDryRun()
  @ApiOperation({ operationId: 'createPlan', summary: 'Create a plan' })
  @Returns(201, planOut, 'Created')
  @Problems(400, 409, 422)
  async post(@Operator() ctx: SystemContext, @Body({ schema: newPlan }) body: NewPlanBody) {
    return planToWire(await this.create.execute(ctx, fromWire(body)));
  }

  @Get()
  @OperatorOnly()
  @ApiOperation({ operationId: 'listPlans', summary: 'List plans' })
  @Returns(200, pageOut(planOut, 'PlanPage'), 'A page')
  @Problems(400)
  async list(@Operator() ctx: SystemContext, @Query({ schema: page }) query: z.infer<typeof page>) {
    const { data, nextCursor } = await this.queries.list(ctx, query);
    return { data: data.map(planToWire), next_cursor: nextCursor };
  }
}
