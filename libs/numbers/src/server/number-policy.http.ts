import { Body, Controller, Get, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { SystemContext } from '@trunkline/kernel';
import { Operator, OperatorOnly, Problems, Returns, country } from '@trunkline/platform';
import { z } from 'zod';
import { NUMBER_TYPES } from '../core/number-row.ts';
import { QUARANTINE_DAYS_MAX, ruleFloorDays } from '../core/quarantine.ts';
import { NumberPolicies } from './number-policy.ts';
import type { NumberPolicy } from './number-policy.ts';

const rule = {
  country: country(),
  type: z.enum(NUMBER_TYPES).nullable().describe('null: all types that no rule of their own speaks of'),
  days: z.int().min(0).max(QUARANTINE_DAYS_MAX),
};
const ruleIn = z.strictObject(rule).superRefine(({ country: of, days }, ctx) => {
  const floor = ruleFloorDays(of);
  if (days < floor)
    ctx.addIssue({ code: 'custom', path: ['days'], message: `must be at least ${floor}: numbers of ${of} rest that long by law` });
});
const policy = z.strictObject({ quarantine_rules: z.array(ruleIn).max(500) }).meta({ id: 'NumberPolicyChange' });
export const numberPolicyOut = z
  .strictObject({
    object: z.literal('number_policy'),
    quarantine_rules: z.array(z.strictObject({ ...rule, floor_days: z.int().describe('What a rule for the country may not go below') })),
  })
  .meta({ id: 'NumberPolicy' });

export const numberPolicyToWire = ({ quarantineRules }: NumberPolicy): z.infer<typeof numberPolicyOut> => ({
  object: 'number_policy',
  quarantine_rules: quarantineRules.map((r) => ({
    ...r,
    type: r.type as (typeof NUMBER_TYPES)[number] | null,
    floor_days: ruleFloorDays(r.country),
  })),
});

@ApiTags('Numbers')
@Controller('v1/number-policy')
export class NumberPolicyController {
  constructor(private readonly policies: NumberPolicies) {}

  @Get()
  @OperatorOnly()
  @ApiOperation({ operationId: 'getNumberPolicy', summary: 'Get how long released numbers rest' })
  @Returns(200, numberPolicyOut, 'The policy')
  @Problems(403)
  async get(@Operator() ctx: SystemContext) {
    return numberPolicyToWire(await this.policies.read(ctx));
  }

  @Put()
  @OperatorOnly()
  @ApiOperation({
    operationId: 'replaceNumberPolicy',
    summary: 'Say how long released numbers rest; without a rule 45 days in North America, 35 elsewhere',
  })
  @Returns(200, numberPolicyOut, 'The policy')
  @Problems(400, 403)
  async replace(@Operator() ctx: SystemContext, @Body({ schema: policy }) body: z.infer<typeof policy>) {
    return numberPolicyToWire(await this.policies.replace(ctx, { quarantineRules: body.quarantine_rules }));
  }
}
