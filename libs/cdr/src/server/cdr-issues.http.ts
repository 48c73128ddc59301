import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { toPublicId } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Operator, OperatorOnly, Problems, Returns, idIn, idOut, pageOut, pageQuery, timestampOut } from '@trunkline/platform';
import { z } from 'zod';
import { CdrIssueQueries } from './cdr-issue-queries.ts';
import type { CdrIssue } from './cdr-issue-queries.ts';
import { ISSUE_KINDS } from './cdr-issues.sql.ts';
import { RateUnrated } from './rate-unrated.ts';

const kind = z.enum(ISSUE_KINDS);
const issueFilter = z.strictObject({ ...pageQuery, kind: kind.optional() });
const issueOut = z
  .strictObject({
    id: idOut('cdrIssue'),
    object: z.literal('cdr_issue'),
    edge_id: idOut('edge'),
    kind,
    line: z.string().describe('As the edge sent it; a NUL character reads %00'),
    reason: z.string(),
    received_at: timestampOut(),
  })
  .meta({ id: 'CdrIssue' });
const rateUnrated = z.strictObject({ tenant_id: idIn('tenant') }).meta({ id: 'RateUnrated' });
const unratedResult = z.strictObject({ rated: z.int(), still_unrated: z.int() }).meta({ id: 'RateUnratedResult' });

const resource = (i: CdrIssue): z.infer<typeof issueOut> => ({
  id: toPublicId('cdrIssue', i.id),
  object: 'cdr_issue',
  edge_id: toPublicId('edge', i.edgeId),
  kind: i.kind,
  line: i.line,
  reason: i.reason,
  received_at: i.receivedAt.toISOString(),
});

@ApiTags('Calls')
@Controller('v1/cdr-issues')
export class CdrIssuesController {
  constructor(
    private readonly queries: CdrIssueQueries,
    private readonly rate: RateUnrated,
  ) {}

  @Get()
  @OperatorOnly()
  @ApiOperation({ operationId: 'listCdrIssues', summary: 'List call record lines that could not be stored, the newest first' })
  @Returns(200, pageOut(issueOut, 'CdrIssuePage'), 'A page')
  @Problems(400, 403)
  async list(@Operator() ctx: SystemContext, @Query({ schema: issueFilter }) query: z.infer<typeof issueFilter>) {
    const { data, nextCursor } = await this.queries.list(ctx, query);
    return { data: data.map(resource), next_cursor: nextCursor };
  }

  @Post('rate-unrated')
  @OperatorOnly()
  @ApiOperation({ operationId: 'rateUnratedCalls', summary: 'Rate and charge a tenant’s calls that waited for a rate' })
  @Returns(200, unratedResult, 'How many got a rate, and how many still wait')
  @Problems(400, 403, 404, 422)
  async rateUnrated(@Operator() ctx: SystemContext, @Body({ schema: rateUnrated }) body: z.infer<typeof rateUnrated>) {
    const { rated, stillUnrated } = await this.rate.execute(ctx, body.tenant_id);
    return { rated, still_unrated: stillUnrated };
  }
}
