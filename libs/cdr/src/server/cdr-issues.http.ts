import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { camelKeys, toPublicId } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Operator, OperatorOnly, Problems, Returns, idIn, idOut, pageOut, pageQuery, text, timestampOut } from '@trunkline/platform';
import { z } from 'zod';
import { instant } from './calls.schema.ts';
import { CdrIssueQueries } from './cdr-issue-queries.ts';
import { ISSUE_KINDS, RESOLUTIONS } from './cdr-issues.sql.ts';
import type { CdrIssue } from './cdr-issues.sql.ts';
import { RateUnrated } from './rate-unrated.ts';
import { ReplaceStoredCall } from './replace-stored-call.ts';
import { RetryCdrIssue } from './retry-cdr-issue.ts';
import { SettleCdrIssue } from './settle-cdr-issue.ts';
import { unratedFilter } from './unrated-calls.http.ts';

const kind = z.enum(ISSUE_KINDS);
export const issueFilter = z.strictObject({
  ...pageQuery,
  kind: kind.optional(),
  state: z.enum(['open', 'resolved']).optional(),
  edge_id: idIn('edge').optional(),
  from: instant().optional().describe('Received at or after'),
  to: instant().optional().describe('Received before'),
});
export const issueOut = z
  .strictObject({
    id: idOut('cdrIssue'),
    object: z.literal('cdr_issue'),
    edge_id: idOut('edge'),
    kind,
    line: z.string().describe('As the edge sent it; a NUL character reads %00. Empty when it was resolved long ago'),
    reason: z.string(),
    received_at: timestampOut(),
    resolution: z.enum(RESOLUTIONS).nullable().describe('What was done about it; null while it is open'),
    resolved_at: timestampOut().nullable(),
    note: z.string().nullable(),
    call_id: idOut('cdr').nullable().describe('The call that it became'),
  })
  .meta({ id: 'CdrIssue' });
const retry = z
  .strictObject({
    line: z.string().min(1).max(8_192).optional().describe('The line as it should have been; left out, it is read again as it is'),
    tenant_id: idIn('tenant').optional().describe('Whose call it is'),
  })
  .meta({ id: 'RetryCdrIssue' });
const settle = z.strictObject({ reason: text(500) }).meta({ id: 'SettleCdrIssue' });
const rateUnrated = z.strictObject(unratedFilter).meta({ id: 'RateUnrated' });
const unratedResult = z.strictObject({ rated: z.int(), still_unrated: z.int() }).meta({ id: 'RateUnratedResult' });

export const issueToWire = (i: CdrIssue): z.infer<typeof issueOut> => ({
  id: toPublicId('cdrIssue', i.id),
  object: 'cdr_issue',
  edge_id: toPublicId('edge', i.edgeId),
  kind: i.kind,
  line: i.line,
  reason: i.reason,
  received_at: i.receivedAt.toISOString(),
  resolution: i.resolution,
  resolved_at: i.resolvedAt && i.resolvedAt.toISOString(),
  note: i.note,
  call_id: i.cdrId && toPublicId('cdr', i.cdrId),
});
const id = { schema: idIn('cdrIssue') };

@ApiTags('Calls')
@Controller('v1/cdr-issues')
export class CdrIssuesController {
  constructor(
    private readonly queries: CdrIssueQueries,
    private readonly rate: RateUnrated,
    private readonly retryIssue: RetryCdrIssue,
    private readonly replaceCall: ReplaceStoredCall,
    private readonly settleIssue: SettleCdrIssue,
  ) {}

  @Get()
  @OperatorOnly()
  @ApiOperation({ operationId: 'listCdrIssues', summary: 'List call record lines that could not be stored, the newest first' })
  @Returns(200, pageOut(issueOut, 'CdrIssuePage'), 'A page')
  @Problems(400, 403)
  async list(@Operator() ctx: SystemContext, @Query({ schema: issueFilter }) query: z.infer<typeof issueFilter>) {
    const { data, nextCursor } = await this.queries.list(ctx, camelKeys(query));
    return { data: data.map(issueToWire), next_cursor: nextCursor };
  }

  @Get(':id')
  @OperatorOnly()
  @ApiOperation({ operationId: 'getCdrIssue', summary: 'Get a line that could not be stored' })
  @Returns(200, issueOut, 'The line')
  @Problems(403, 404)
  async get(@Operator() ctx: SystemContext, @Param('id', id) issueId: string) {
    return issueToWire(await this.queries.byId(ctx, issueId));
  }

  @Post(':id/retry')
  @OperatorOnly()
  @ApiOperation({ operationId: 'retryCdrIssue', summary: 'Make a call of a line, corrected or read again; it is rated and charged' })
  @Returns(200, issueOut, 'The line, stored')
  @Problems(400, 403, 404, 409, 422)
  async retry(@Operator() ctx: SystemContext, @Param('id', id) issueId: string, @Body({ schema: retry }) body: z.infer<typeof retry>) {
    return issueToWire(await this.retryIssue.execute(ctx, issueId, camelKeys(body)));
  }

  @Post(':id/keep-stored')
  @OperatorOnly()
  @ApiOperation({ operationId: 'keepStoredCall', summary: 'Settle a conflict: the call that is stored is right' })
  @Returns(200, issueOut, 'The line, settled')
  @Problems(400, 403, 404, 409, 422)
  async keep(@Operator() ctx: SystemContext, @Param('id', id) issueId: string, @Body({ schema: settle }) body: z.infer<typeof settle>) {
    return issueToWire(await this.settleIssue.keep(ctx, issueId, body.reason));
  }

  @Post(':id/replace-stored')
  @OperatorOnly()
  @ApiOperation({
    operationId: 'replaceStoredCall',
    summary: 'Settle a conflict: the line is right. The call’s charge is credited and the call charged anew',
  })
  @Returns(200, issueOut, 'The line, settled')
  @Problems(400, 403, 404, 409, 422)
  async replace(@Operator() ctx: SystemContext, @Param('id', id) issueId: string, @Body({ schema: settle }) body: z.infer<typeof settle>) {
    return issueToWire(await this.replaceCall.execute(ctx, issueId, body.reason));
  }

  @Post(':id/discard')
  @OperatorOnly()
  @ApiOperation({ operationId: 'discardCdrIssue', summary: 'Settle a line of which nothing can be made' })
  @Returns(200, issueOut, 'The line, settled')
  @Problems(400, 403, 404, 409, 422)
  async discard(@Operator() ctx: SystemContext, @Param('id', id) issueId: string, @Body({ schema: settle }) body: z.infer<typeof settle>) {
    return issueToWire(await this.settleIssue.discard(ctx, issueId, body.reason));
  }

  @Post('rate-unrated')
  @OperatorOnly()
  @ApiOperation({
    operationId: 'rateUnratedCalls',
    summary: 'Rate and charge calls that waited for a rate, of one tenant or of all',
    description: 'Happens by itself when a deck version is published or a plan assigned.',
  })
  @Returns(200, unratedResult, 'How many got a rate, and how many still wait')
  @Problems(400, 403, 404, 422)
  async rateUnrated(@Operator() ctx: SystemContext, @Body({ schema: rateUnrated }) body: z.infer<typeof rateUnrated>) {
    const { rated, stillUnrated } = await this.rate.execute(ctx, camelKeys(body));
    return { rated, still_unrated: stillUnrated };
  }
}
