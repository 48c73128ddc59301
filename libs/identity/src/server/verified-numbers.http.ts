import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { camelKeys } from '@trunkline/kernel';
import type { SystemContext, TenantContext } from '@trunkline/kernel';
import { Allow, Operator, OperatorOnly, Problems, Returns, Tenant, idIn, pageOut, pageQuery } from '@trunkline/platform';
import { z } from 'zod';
import { ConfirmCode } from './confirm-code.ts';
import { ReviewVerification } from './review-verification.ts';
import { RevokeVerification } from './revoke-verification.ts';
import { StartVerification } from './start-verification.ts';
import { VerifiedNumberQueries } from './verified-number-queries.ts';
import {
  approvalIn,
  codeIn,
  newVerification,
  rejectionIn,
  verificationReviewOut,
  verificationReviewToWire,
  verifiedNumberOut,
  verifiedNumberToWire,
} from './verified-numbers.schema.ts';

const page = z.strictObject(pageQuery);
const id = { schema: idIn('verifiedNumber') };

@ApiTags('Caller identity')
@Controller('v1/verified-numbers')
export class VerifiedNumbersController {
  constructor(
    private readonly start: StartVerification,
    private readonly confirm: ConfirmCode,
    private readonly revoke: RevokeVerification,
    private readonly queries: VerifiedNumberQueries,
  ) {}

  @Post()
  @Allow('numbers:write')
  @ApiOperation({ operationId: 'startVerification', summary: 'Begin to prove that you may present a number that is not yours' })
  @Returns(201, verifiedNumberOut, 'Begun')
  @Problems(400, 403, 409, 422, 429)
  async post(@Tenant() ctx: TenantContext, @Body({ schema: newVerification }) body: z.infer<typeof newVerification>) {
    return verifiedNumberToWire(await this.start.execute(ctx, camelKeys(body)));
  }

  @Get()
  @Allow('numbers:read')
  @ApiOperation({ operationId: 'listVerifiedNumbers', summary: 'List numbers that you verified, or are about to' })
  @Returns(200, pageOut(verifiedNumberOut, 'VerifiedNumberPage'), 'A page')
  @Problems(400, 403)
  async list(@Tenant() ctx: TenantContext, @Query({ schema: page }) query: z.infer<typeof page>) {
    const { data, nextCursor } = await this.queries.list(ctx, query);
    return { data: data.map(verifiedNumberToWire), next_cursor: nextCursor };
  }

  @Get(':id')
  @Allow('numbers:read')
  @ApiOperation({ operationId: 'getVerifiedNumber', summary: 'Get a verified number' })
  @Returns(200, verifiedNumberOut, 'The number')
  @Problems(403, 404)
  async get(@Tenant() ctx: TenantContext, @Param('id', id) numberId: string) {
    return verifiedNumberToWire(await this.queries.byId(ctx, numberId));
  }

  @Post(':id/confirm')
  @HttpCode(200)
  @Allow('numbers:write')
  @ApiOperation({ operationId: 'confirmVerification', summary: 'Give the code that was sent to the number; there are five attempts' })
  @Returns(200, verifiedNumberOut, 'Verified')
  @Problems(400, 403, 404, 409, 422)
  async postCode(
    @Tenant() ctx: TenantContext,
    @Param('id', id) numberId: string,
    @Body({ schema: codeIn }) { code }: z.infer<typeof codeIn>,
  ) {
    return verifiedNumberToWire(await this.confirm.execute(ctx, numberId, code));
  }

  @Post(':id/resend')
  @HttpCode(200)
  @Allow('numbers:write')
  @ApiOperation({ operationId: 'resendVerification', summary: 'Have another code sent, in place of the last' })
  @Returns(200, verifiedNumberOut, 'On its way')
  @Problems(403, 404, 409, 422, 429)
  async resend(@Tenant() ctx: TenantContext, @Param('id', id) numberId: string) {
    return verifiedNumberToWire(await this.start.again(ctx, numberId));
  }

  @Post(':id/revoke')
  @HttpCode(200)
  @Allow('numbers:write')
  @ApiOperation({ operationId: 'revokeVerification', summary: 'Give the right to present a number up' })
  @Returns(200, verifiedNumberOut, 'Revoked')
  @Problems(403, 404, 409, 422)
  async postRevoke(@Tenant() ctx: TenantContext, @Param('id', id) numberId: string) {
    return verifiedNumberToWire(await this.revoke.execute(ctx, numberId));
  }
}

/** What the operator makes of papers. They are read as the tenant, with the Trunkline-Tenant header. */
@ApiTags('Caller identity')
@Controller('v1/verification-reviews')
export class VerificationReviewsController {
  constructor(
    private readonly review: ReviewVerification,
    private readonly queries: VerifiedNumberQueries,
  ) {}

  @Get()
  @OperatorOnly()
  @ApiOperation({ operationId: 'listVerificationReviews', summary: 'List numbers whose papers wait for the operator' })
  @Returns(200, pageOut(verificationReviewOut, 'VerificationReviewPage'), 'A page')
  @Problems(400, 403)
  async list(@Operator() ctx: SystemContext, @Query({ schema: page }) query: z.infer<typeof page>) {
    const { data, nextCursor } = await this.queries.inReview(ctx, query);
    return { data: data.map(verificationReviewToWire), next_cursor: nextCursor };
  }

  @Post(':id/approve')
  @HttpCode(200)
  @OperatorOnly()
  @ApiOperation({ operationId: 'approveVerification', summary: 'Believe the papers, and say what they are worth' })
  @Returns(200, verificationReviewOut, 'Verified')
  @Problems(400, 403, 404, 409, 422)
  async approve(
    @Operator() ctx: SystemContext,
    @Param('id', id) numberId: string,
    @Body({ schema: approvalIn }) body: z.infer<typeof approvalIn>,
  ) {
    return verificationReviewToWire(await this.review.execute(ctx, numberId, { state: 'verified', ...body }));
  }

  @Post(':id/reject')
  @HttpCode(200)
  @OperatorOnly()
  @ApiOperation({ operationId: 'rejectVerification', summary: 'Reject the papers' })
  @Returns(200, verificationReviewOut, 'Rejected')
  @Problems(400, 403, 404, 409, 422)
  async reject(
    @Operator() ctx: SystemContext,
    @Param('id', id) numberId: string,
    @Body({ schema: rejectionIn }) { reason }: z.infer<typeof rejectionIn>,
  ) {
    return verificationReviewToWire(await this.review.execute(ctx, numberId, { state: 'rejected', reason }));
  }
}
