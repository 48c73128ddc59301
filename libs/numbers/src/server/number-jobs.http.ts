import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { camelKeys, invalidField, toPublicId } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Allow, Problems, Returns, Tenant, idIn, idOut, pageOut, pageQuery, timestampOut } from '@trunkline/platform';
import { z } from 'zod';
import type { NumberSettings } from '../core/number.ts';
import { CreateNumberJob, JOB_NUMBERS_MAX } from './create-number-job.ts';
import { NumberJobQueries } from './number-job-queries.ts';
import { ITEM_STATES, JOB_ACTIONS, JOB_STATES } from './number-jobs.sql.ts';
import type { NumberJob, NumberJobItem } from './number-jobs.sql.ts';
import { numberChange } from './numbers.schema.ts';

const newJob = z
  .strictObject({
    action: z.enum(JOB_ACTIONS),
    change: numberChange.optional().describe('What an update sets on all of them, e.g. the trunk that they are to point at'),
    number_ids: z.array(idIn('number')).min(1).max(JOB_NUMBERS_MAX),
  })
  .meta({ id: 'NewNumberJob' });
export const jobOut = z
  .strictObject({
    id: idOut('numberJob'),
    object: z.literal('number_job'),
    action: z.enum(JOB_ACTIONS),
    state: z.enum(JOB_STATES),
    total: z.int(),
    succeeded: z.int(),
    failed: z.int(),
    created_at: timestampOut(),
    finished_at: timestampOut().nullable(),
  })
  .meta({ id: 'NumberJob' });
export const jobItemOut = z
  .strictObject({
    object: z.literal('number_job_item'),
    position: z.int().describe('Its place in the request, from 0'),
    number_id: idOut('number'),
    state: z.enum(ITEM_STATES),
    code: z.string().nullable().describe('The error that it would have been refused with by itself'),
    detail: z.string().nullable(),
  })
  .meta({ id: 'NumberJobItem' });
const page = z.strictObject(pageQuery);
const id = { schema: idIn('numberJob') };

export const jobToWire = (j: NumberJob): z.infer<typeof jobOut> => ({
  id: toPublicId('numberJob', j.id),
  object: 'number_job',
  action: j.action,
  state: j.state,
  total: j.total,
  succeeded: j.succeeded,
  failed: j.failed,
  created_at: j.createdAt.toISOString(),
  finished_at: j.finishedAt?.toISOString() ?? null,
});
export const jobItemToWire = (i: NumberJobItem): z.infer<typeof jobItemOut> => ({
  object: 'number_job_item',
  position: i.position,
  number_id: toPublicId('number', i.numberId),
  state: i.state,
  code: i.code,
  detail: i.detail,
});

@ApiTags('Numbers')
@Controller('v1/number-jobs')
export class NumberJobsController {
  constructor(
    private readonly create: CreateNumberJob,
    private readonly queries: NumberJobQueries,
  ) {}

  @Post()
  @Allow('numbers:write')
  @ApiOperation({
    operationId: 'createNumberJob',
    summary: `Change, release or restore up to ${JOB_NUMBERS_MAX.toLocaleString('en')} numbers; each succeeds or fails by itself`,
  })
  @Returns(201, jobOut, 'Asked for')
  @Problems(400, 403, 409, 422)
  async post(@Tenant() ctx: TenantContext, @Body({ schema: newJob }) { action, change, number_ids }: z.infer<typeof newJob>) {
    if (action === 'update' && Object.keys(change ?? {}).length === 0) throw invalidField('/change', 'missing', 'What an update is to set');
    if (action !== 'update' && change) throw invalidField('/change', 'unexpected', `What an update sets; ${action} sets nothing`);
    return jobToWire(
      await this.create.execute(ctx, { action, change: camelKeys(change ?? {}) as Partial<NumberSettings>, numberIds: number_ids }),
    );
  }

  @Get()
  @Allow('numbers:read')
  @ApiOperation({ operationId: 'listNumberJobs', summary: 'List jobs, the newest first' })
  @Returns(200, pageOut(jobOut, 'NumberJobPage'), 'A page')
  @Problems(400, 403)
  async list(@Tenant() ctx: TenantContext, @Query({ schema: page }) query: z.infer<typeof page>) {
    const { data, nextCursor } = await this.queries.list(ctx, query);
    return { data: data.map(jobToWire), next_cursor: nextCursor };
  }

  @Get(':id')
  @Allow('numbers:read')
  @ApiOperation({ operationId: 'getNumberJob', summary: 'Get a job: how far it is' })
  @Returns(200, jobOut, 'The job')
  @Problems(403, 404)
  async get(@Tenant() ctx: TenantContext, @Param('id', id) jobId: string) {
    return jobToWire(await this.queries.byId(ctx, jobId));
  }

  @Get(':id/items')
  @Allow('numbers:read')
  @ApiOperation({ operationId: 'listNumberJobItems', summary: 'List what became of each number of a job, in the order of the request' })
  @Returns(200, pageOut(jobItemOut, 'NumberJobItemPage'), 'A page')
  @Problems(400, 403, 404)
  async items(@Tenant() ctx: TenantContext, @Param('id', id) jobId: string, @Query({ schema: page }) query: z.infer<typeof page>) {
    const { data, nextCursor } = await this.queries.items(ctx, jobId, query);
    return { data: data.map(jobItemToWire), next_cursor: nextCursor };
  }
}
