import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiTags } from '@nestjs/swagger';
import { toPublicId } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { CanDryRun, Operator, OperatorOnly, Problems, Returns, idIn, idOut, pageOut, pageQuery, timestampOut } from '@trunkline/platform';
import { z } from 'zod';
import { ImportNumbers } from './import-numbers.ts';
import { NumberImportQueries } from './number-import-queries.ts';
import { ERRORS_MAX, IMPORT_STATES } from './number-imports.sql.ts';
import type { NumberImport } from './number-imports.sql.ts';

const sheet = z.string('must be a sheet of numbers sent as text/csv');
const example = 'number,country,area_code,locality,type,carrier_id\n+12025550123,US,202,Washington,local,\n';

export const importOut = z
  .strictObject({
    id: idOut('numberImport'),
    object: z.literal('number_import'),
    state: z.enum(IMPORT_STATES),
    dry_run: z.boolean().describe('Nothing is imported; the counts say what would be'),
    byte_count: z.int(),
    lines_done: z.int(),
    imported: z.int().describe('Numbers that are there now and were not before'),
    unchanged: z.int().describe('Numbers of good lines that were there already'),
    refused: z.int().describe('Bad lines'),
    errors: z
      .array(z.strictObject({ line: z.int(), column: z.string(), code: z.string(), detail: z.string() }))
      .describe(`The first ${ERRORS_MAX.toLocaleString('en')}`),
    error: z.string().nullable().describe('Why it failed; what was imported until then stays'),
    created_at: timestampOut(),
    finished_at: timestampOut().nullable(),
  })
  .meta({ id: 'NumberImport' });

export const importToWire = (i: NumberImport): z.infer<typeof importOut> => ({
  id: toPublicId('numberImport', i.id),
  object: 'number_import',
  state: i.state,
  dry_run: i.dryRun,
  byte_count: i.byteCount,
  lines_done: i.linesDone,
  imported: i.imported,
  unchanged: i.unchanged,
  refused: i.refused,
  errors: i.errors.slice(0, ERRORS_MAX),
  error: i.error,
  created_at: i.createdAt.toISOString(),
  finished_at: i.finishedAt?.toISOString() ?? null,
});

const page = z.strictObject(pageQuery);

@ApiTags('Numbers')
@Controller('v1/number-imports')
export class NumberImportsController {
  constructor(
    private readonly imports: ImportNumbers,
    private readonly queries: NumberImportQueries,
  ) {}

  @Post()
  @OperatorOnly()
  @CanDryRun()
  @ApiConsumes('text/csv')
  @ApiBody({ schema: { type: 'string', example } })
  @ApiOperation({
    operationId: 'importNumbers',
    summary: 'Add a sheet of numbers to the inventory',
    description:
      'Columns, in any order: number (needed), last_number (the line adds all numbers up to it), country, area_code, region, locality, rate_center, lata, type, features, carrier_id. ' +
      'Bad lines are reported and do not stop good ones. A sheet of up to 1 MiB is imported at once, whole or not at all; a larger one by a job, piece by piece: ' +
      'the answer is then `pending`. A large sheet may be sent with `Content-Encoding: gzip`. With `dry_run=true` a large sheet is read by a job too, and only counted.',
  })
  @Returns(201, importOut, 'What became of the lines, or that a job will read them')
  @Problems(400, 403, 413, 422)
  async import(@Operator() ctx: SystemContext, @Body({ schema: sheet }) csv: string, @Query('dry_run') dryRun?: string) {
    return importToWire(await this.imports.execute(ctx, csv, dryRun === 'true'));
  }

  @Get()
  @OperatorOnly()
  @ApiOperation({ operationId: 'listNumberImports', summary: 'List imports, the newest first' })
  @Returns(200, pageOut(importOut, 'NumberImportPage'), 'A page')
  @Problems(400, 403)
  async list(@Operator() ctx: SystemContext, @Query({ schema: page }) query: z.infer<typeof page>) {
    const { data, nextCursor } = await this.queries.list(ctx, query);
    return { data: data.map(importToWire), next_cursor: nextCursor };
  }

  @Get(':id')
  @OperatorOnly()
  @ApiOperation({ operationId: 'getNumberImport', summary: 'Get an import: how far it is, and what was wrong' })
  @Returns(200, importOut, 'The import')
  @Problems(403, 404)
  async get(@Operator() ctx: SystemContext, @Param('id', { schema: idIn('numberImport') }) id: string) {
    return importToWire(await this.queries.byId(ctx, id));
  }
}
