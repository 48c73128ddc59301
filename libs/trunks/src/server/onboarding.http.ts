import { Controller, Get, Param, Query, StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { TenantContext } from '@trunkline/kernel';
import { Allow, Problems, Returns, Tenant, idIn } from '@trunkline/platform';
import { bandwidthOf } from '../core/bandwidth.ts';
import { sheetMarkdown } from '../core/connection-sheet/connection-sheet.ts';
import {
  bandwidthOut,
  bandwidthQuery,
  bandwidthToWire,
  connectionSheetOut,
  connectionSheetToWire,
  sheetQuery,
} from './onboarding.schema.ts';
import type { BandwidthQuery, SheetQuery } from './onboarding.schema.ts';
import { SheetQueries } from './sheet-queries.ts';

/** What somebody needs who connects a PBX. */
@ApiTags('Trunks')
@Controller('v1')
export class OnboardingController {
  constructor(private readonly sheets: SheetQueries) {}

  @Get('trunks/:trunk_id/connection-sheet')
  @Allow('trunks:read')
  @ApiOperation({ operationId: 'getConnectionSheet', summary: 'Get what to set in a PBX of some family, made of what is true now' })
  @Returns(200, connectionSheetOut, 'The sheet')
  @Problems(400, 403, 404)
  async sheet(
    @Tenant() ctx: TenantContext,
    @Param('trunk_id', { schema: idIn('trunk') }) trunkId: string,
    @Query({ schema: sheetQuery }) { pbx }: SheetQuery,
  ) {
    return connectionSheetToWire(await this.sheets.of(ctx, trunkId, pbx));
  }

  @Get('trunks/:trunk_id/connection-sheet/download')
  @Allow('trunks:read')
  @ApiOperation({ operationId: 'downloadConnectionSheet', summary: 'Get the connection sheet as a page of Markdown' })
  @ApiResponse({ status: 200, description: 'The page', content: { 'text/markdown': { schema: { type: 'string' } } } })
  @Problems(400, 403, 404)
  async page(
    @Tenant() ctx: TenantContext,
    @Param('trunk_id', { schema: idIn('trunk') }) trunkId: string,
    @Query({ schema: sheetQuery }) { pbx }: SheetQuery,
  ): Promise<StreamableFile> {
    const text = sheetMarkdown(await this.sheets.of(ctx, trunkId, pbx));
    return new StreamableFile(Buffer.from(text), { type: 'text/markdown; charset=utf-8' });
  }

  @Get('bandwidth')
  @Allow('trunks:read')
  @ApiOperation({ operationId: 'getBandwidth', summary: 'Compute what calls take of a line' })
  @Returns(200, bandwidthOut, 'In each direction, and both together')
  @Problems(400, 403)
  bandwidth(@Query({ schema: bandwidthQuery }) { channels, codec, ptime_ms, srtp }: BandwidthQuery) {
    return bandwidthToWire(bandwidthOf({ channels, codec, ptimeMs: ptime_ms, srtp: srtp === 'true' }));
  }
}
