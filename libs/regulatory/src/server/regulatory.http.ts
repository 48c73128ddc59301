import { Body, Controller, Get, HttpCode, Param, Patch, Post, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { camelKeys } from '@trunkline/kernel';
import type { SystemContext, TenantContext } from '@trunkline/kernel';
import { Allow, HeedsIfMatch, Operator, OperatorOnly, Problems, Returns, Tenant, idIn, pageOut } from '@trunkline/platform';
import type { z } from 'zod';
import { BundleQueries } from './bundle-queries.ts';
import { ChangeBundle } from './change-bundle.ts';
import {
  approval,
  bundleChange,
  bundleOut,
  bundleQuery,
  bundleToWire,
  changeOf,
  evaluationOut,
  evaluationQuery,
  evaluationToWire,
  newBundleIn,
  policyIn,
  policyOut,
  rejection,
  reviewQuery,
  ruleToWire,
  rulesOut,
  rulesQuery,
} from './regulatory.schema.ts';
import { ReviewBundle } from './review-bundle.ts';

const id = { schema: idIn('regulatoryBundle') };

/** Who uses a tenant's numbers, and the papers that say so. Documents are those of its KYC file. */
@ApiTags('Regulatory')
@Controller('v1')
export class RegulatoryController {
  constructor(
    private readonly change: ChangeBundle,
    private readonly queries: BundleQueries,
  ) {}

  @Get('regulatory-rules')
  @Allow('kyc:read')
  @ApiOperation({ operationId: 'listRegulatoryRules', summary: 'List what numbers of a country take, by type and end user' })
  @Returns(200, rulesOut, 'The rules; a country that has none asks for nothing')
  @Problems(400, 403)
  rules(@Query({ schema: rulesQuery }) query: z.infer<typeof rulesQuery>) {
    return { object: 'regulatory_rules' as const, rules: this.queries.rules(query).map(ruleToWire) };
  }

  @Post('regulatory-bundles')
  @Allow('kyc:write')
  @ApiOperation({ operationId: 'createRegulatoryBundle', summary: 'Begin a bundle for numbers of a country and type' })
  @Returns(201, bundleOut, 'A draft')
  @Problems(400, 403, 409, 422)
  async post(@Tenant() ctx: TenantContext, @Body({ schema: newBundleIn }) body: z.infer<typeof newBundleIn>) {
    return bundleToWire({ ...(await this.change.create(ctx, camelKeys(body))), tenantId: ctx.tenantId });
  }

  @Get('regulatory-bundles')
  @Allow('kyc:read')
  @ApiOperation({ operationId: 'listRegulatoryBundles', summary: 'List bundles' })
  @Returns(200, pageOut(bundleOut, 'RegulatoryBundlePage'), 'A page')
  @Problems(400, 403)
  async list(@Tenant() ctx: TenantContext, @Query({ schema: bundleQuery }) query: z.infer<typeof bundleQuery>) {
    const { data, nextCursor } = await this.queries.list(ctx, query);
    return { data: data.map(bundleToWire), next_cursor: nextCursor };
  }

  @Get('regulatory-bundles/:id')
  @Allow('kyc:read')
  @ApiOperation({ operationId: 'getRegulatoryBundle', summary: 'Get a bundle' })
  @Returns(200, bundleOut, 'The bundle')
  @Problems(403, 404)
  async get(@Tenant() ctx: TenantContext, @Param('id', id) bundleId: string) {
    return bundleToWire(await this.queries.byId(ctx, bundleId));
  }

  @Patch('regulatory-bundles/:id')
  @Allow('kyc:write')
  @HeedsIfMatch()
  @ApiOperation({
    operationId: 'updateRegulatoryBundle',
    summary: 'Put items into a bundle or take them out; one that was rejected or has expired is a draft again',
  })
  @Returns(200, bundleOut, 'The changed bundle')
  @Problems(400, 403, 404, 409)
  async patch(
    @Tenant() ctx: TenantContext,
    @Param('id', id) bundleId: string,
    @Body({ schema: bundleChange }) body: z.infer<typeof bundleChange>,
  ) {
    return bundleToWire({ ...(await this.change.execute(ctx, bundleId, changeOf(body))), tenantId: ctx.tenantId });
  }

  @Get('regulatory-bundles/:id/evaluation')
  @Allow('kyc:read')
  @ApiOperation({ operationId: 'getRegulatoryEvaluation', summary: 'Hold a bundle against the rule of today; nothing is submitted' })
  @Returns(200, evaluationOut, 'Each requirement, with what is missing or wrong')
  @Problems(400, 403, 404)
  async evaluate(
    @Tenant() ctx: TenantContext,
    @Param('id', id) bundleId: string,
    @Query({ schema: evaluationQuery }) query: z.infer<typeof evaluationQuery>,
  ) {
    const { rule, ...evaluation } = await this.queries.evaluation(ctx, bundleId, query.area_code);
    return evaluationToWire(evaluation, rule);
  }

  @Post('regulatory-bundles/:id/submit')
  @HttpCode(200)
  @Allow('kyc:write')
  @HeedsIfMatch()
  @ApiOperation({ operationId: 'submitRegulatoryBundle', summary: 'Hand a bundle to the operator; one that lacks something is refused' })
  @Returns(200, bundleOut, 'The submitted bundle')
  @Problems(403, 404, 409, 422)
  async submit(@Tenant() ctx: TenantContext, @Param('id', id) bundleId: string) {
    return bundleToWire({ ...(await this.change.submit(ctx, bundleId)), tenantId: ctx.tenantId });
  }
}

/** What the operator makes of bundles, and where it asks for them. */
@ApiTags('Regulatory')
@Controller('v1')
export class RegulatoryReviewsController {
  constructor(
    private readonly review: ReviewBundle,
    private readonly queries: BundleQueries,
  ) {}

  @Get('regulatory-reviews')
  @OperatorOnly()
  @ApiOperation({
    operationId: 'listRegulatoryReviews',
    summary: 'List the bundles of all tenants that wait for an answer, or are in another state',
  })
  @Returns(200, pageOut(bundleOut, 'RegulatoryReviewPage'), 'A page')
  @Problems(400, 403)
  async list(@Operator() ctx: SystemContext, @Query({ schema: reviewQuery }) query: z.infer<typeof reviewQuery>) {
    const { data, nextCursor } = await this.queries.all(ctx, query);
    return { data: data.map(bundleToWire), next_cursor: nextCursor };
  }

  @Post('regulatory-reviews/:id/approve')
  @HttpCode(200)
  @OperatorOnly()
  @ApiOperation({ operationId: 'approveRegulatoryBundle', summary: 'Approve a bundle: numbers can be ordered with it' })
  @Returns(200, bundleOut, 'The bundle')
  @Problems(400, 403, 404, 409, 422)
  async approve(
    @Operator() ctx: SystemContext,
    @Param('id', id) bundleId: string,
    @Body({ schema: approval }) body: z.infer<typeof approval>,
  ) {
    return bundleToWire(await this.review.approve(ctx, bundleId, body.valid_until === null ? null : new Date(body.valid_until)));
  }

  @Post('regulatory-reviews/:id/reject')
  @HttpCode(200)
  @OperatorOnly()
  @ApiOperation({
    operationId: 'rejectRegulatoryBundle',
    summary: 'Reject a bundle; an approval it had ends at once, numbers that were ordered with it stay',
  })
  @Returns(200, bundleOut, 'The bundle')
  @Problems(400, 403, 404, 409, 422)
  async reject(
    @Operator() ctx: SystemContext,
    @Param('id', id) bundleId: string,
    @Body({ schema: rejection }) { reason }: z.infer<typeof rejection>,
  ) {
    return bundleToWire(await this.review.reject(ctx, bundleId, reason));
  }

  @Get('regulatory-policy')
  @OperatorOnly()
  @ApiOperation({ operationId: 'getRegulatoryPolicy', summary: 'Get the countries whose numbers take an approved bundle' })
  @Returns(200, policyOut, 'The policy')
  @Problems(403)
  async policy(@Operator() ctx: SystemContext) {
    return { object: 'regulatory_policy' as const, countries: [...(await this.queries.policy(ctx))] };
  }

  @Put('regulatory-policy')
  @OperatorOnly()
  @ApiOperation({
    operationId: 'replaceRegulatoryPolicy',
    summary: 'Say of which countries numbers are ordered with an approved bundle alone',
  })
  @Returns(200, policyOut, 'The policy')
  @Problems(400, 403)
  async setPolicy(@Operator() ctx: SystemContext, @Body({ schema: policyIn }) { countries }: z.infer<typeof policyIn>) {
    return { object: 'regulatory_policy' as const, countries: [...(await this.queries.replacePolicy(ctx, countries))] };
  }
}
