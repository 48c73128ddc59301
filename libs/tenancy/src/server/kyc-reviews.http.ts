import { Body, Controller, Get, Param, Post, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { camelKeys } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { HeedsIfMatch, Operator, OperatorOnly, Problems, Returns, idIn, pageOut, pageQuery, text } from '@trunkline/platform';
import { z } from 'zod';
import { KYC_STATES } from '../core/kyc-state.ts';
import { KycPolicies } from './kyc-policy.ts';
import { KycQueries } from './kyc-queries.ts';
import { fileOut, fileSummaryOut, fileToWire, policy, policyOut, policyToWire, summaryToWire } from './kyc.schema.ts';
import { ReviewKycFile } from './review-kyc-file.ts';

const approval = z
  .strictObject({ months: z.int().min(1).max(60).optional().describe('How long it holds; as the policy says when absent') })
  .meta({ id: 'KycApproval' });
const refusal = z.strictObject({ reason: text(2_000) }).meta({ id: 'KycRefusal' });
const filter = z.strictObject({ ...pageQuery, state: z.enum(KYC_STATES).optional() });
const tenantId = { schema: idIn('tenant') };

/** What the operator makes of tenants' files. Documents are read as the tenant, with the Trunkline-Tenant header. */
@ApiTags('Verification')
@Controller('v1')
export class KycReviewsController {
  constructor(
    private readonly review: ReviewKycFile,
    private readonly policies: KycPolicies,
    private readonly queries: KycQueries,
  ) {}

  @Get('kyc-files')
  @OperatorOnly()
  @ApiOperation({ operationId: 'listKycFiles', summary: 'List tenants’ files' })
  @Returns(200, pageOut(fileSummaryOut, 'KycFilePage'), 'A page')
  @Problems(400, 403)
  async list(@Operator() ctx: SystemContext, @Query({ schema: filter }) query: z.infer<typeof filter>) {
    const { data, nextCursor } = await this.queries.list(ctx, query);
    return { data: data.map(summaryToWire), next_cursor: nextCursor };
  }

  @Get('kyc-files/:tenant_id')
  @OperatorOnly()
  @ApiOperation({ operationId: 'getKycFile', summary: 'Get a tenant’s file' })
  @Returns(200, fileOut, 'The file')
  @Problems(403, 404)
  async get(@Operator() ctx: SystemContext, @Param('tenant_id', tenantId) id: string) {
    return fileToWire(await this.queries.file(ctx, id));
  }

  @Post('kyc-files/:tenant_id/approve')
  @OperatorOnly()
  @HeedsIfMatch()
  @ApiOperation({ operationId: 'approveKycFile', summary: 'Approve who a tenant says it is' })
  @Returns(200, fileOut, 'The file')
  @Problems(400, 403, 404, 409, 422)
  async approve(
    @Operator() ctx: SystemContext,
    @Param('tenant_id', tenantId) id: string,
    @Body({ schema: approval }) body: z.infer<typeof approval>,
  ) {
    const months = body.months ?? (await this.policies.read(ctx)).approvedForMonths;
    await this.review.execute(ctx, id, { state: 'approved', months });
    return fileToWire(await this.queries.file(ctx, id));
  }

  @Post('kyc-files/:tenant_id/reject')
  @OperatorOnly()
  @HeedsIfMatch()
  @ApiOperation({ operationId: 'rejectKycFile', summary: 'Reject a file; an approval it had ends at once' })
  @Returns(200, fileOut, 'The file')
  @Problems(400, 403, 404, 409, 422)
  async reject(
    @Operator() ctx: SystemContext,
    @Param('tenant_id', tenantId) id: string,
    @Body({ schema: refusal }) { reason }: z.infer<typeof refusal>,
  ) {
    await this.review.execute(ctx, id, { state: 'rejected', reason });
    return fileToWire(await this.queries.file(ctx, id));
  }

  @Post('kyc-files/:tenant_id/request-information')
  @OperatorOnly()
  @HeedsIfMatch()
  @ApiOperation({ operationId: 'requestKycInformation', summary: 'Ask for more; an approval the file had ends at once' })
  @Returns(200, fileOut, 'The file')
  @Problems(400, 403, 404, 409, 422)
  async ask(
    @Operator() ctx: SystemContext,
    @Param('tenant_id', tenantId) id: string,
    @Body({ schema: refusal }) { reason }: z.infer<typeof refusal>,
  ) {
    await this.review.execute(ctx, id, { state: 'more_information', reason });
    return fileToWire(await this.queries.file(ctx, id));
  }

  @Post('kyc-files/:tenant_id/reopen')
  @OperatorOnly()
  @HeedsIfMatch()
  @ApiOperation({ operationId: 'reopenKycFile', summary: 'Let a tenant whose file was rejected begin anew' })
  @Returns(200, fileOut, 'The file')
  @Problems(403, 404, 409, 422)
  async reopen(@Operator() ctx: SystemContext, @Param('tenant_id', tenantId) id: string) {
    await this.review.reopen(ctx, id);
    return fileToWire(await this.queries.file(ctx, id));
  }

  @Get('kyc-policy')
  @OperatorOnly()
  @ApiOperation({ operationId: 'getKycPolicy', summary: 'Get what a tenant may have until it is verified' })
  @Returns(200, policyOut, 'The policy')
  @Problems(403)
  async policy(@Operator() ctx: SystemContext) {
    return policyToWire(await this.policies.read(ctx));
  }

  @Put('kyc-policy')
  @OperatorOnly()
  @ApiOperation({ operationId: 'replaceKycPolicy', summary: 'Say what a tenant may have until it is verified; what is held already stays' })
  @Returns(200, policyOut, 'The policy')
  @Problems(400, 403)
  async setPolicy(@Operator() ctx: SystemContext, @Body({ schema: policy }) body: z.infer<typeof policy>) {
    return policyToWire(await this.policies.replace(ctx, camelKeys(body)));
  }
}
