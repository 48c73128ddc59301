import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ENTRY_KINDS } from '@trunkline/edge-core';
import type { SystemContext } from '@trunkline/kernel';
import { Operator, OperatorOnly, Problems, Returns, timestampOut } from '@trunkline/platform';
import { z } from 'zod';
import { EdgeScopeQueries } from './edge-scope-queries.ts';
import type { EdgeScope } from './edge-scope-queries.ts';
import { ReleaseSweep } from './release-sweep.ts';

export const scopeIn = z.string().regex(/^[a-z0-9-]{1,31}$/, 'must be the name of a scope, e.g. main').meta({ example: 'main' }); // prettier-ignore
const removals = z.record(z.string(), z.int());
const sweepOrder = z
  .strictObject({
    removals: z
      .partialRecord(z.enum(ENTRY_KINDS), z.int().min(1))
      .default({})
      .describe('What the last sweep stopped at, kind by kind, as it says: {"number": 2100}. None when it was not stopped'),
  })
  .prefault({})
  .meta({ id: 'SweepOrder' });
export const edgeScope = z
  .strictObject({
    object: z.literal('edge_scope'),
    scope: z.string(),
    version: z.int(),
    swept_at: timestampOut().nullable(),
    sweep_repaired: z.int().nullable(),
    sweep_blocked: z.string().nullable().describe('Why the last sweep repaired nothing'),
    sweep_blocked_removals: removals.nullable().describe('How many entries of which kinds it would have removed'),
    sweep_released_removals: removals.nullable().describe('What the next sweep may remove, because an operator said so'),
  })
  .meta({ id: 'EdgeScope' });

export const edgeScopeToWire = (s: EdgeScope): z.infer<typeof edgeScope> => ({
  object: 'edge_scope',
  scope: s.scope,
  version: Number(s.version),
  swept_at: s.sweptAt?.toISOString() ?? null,
  sweep_repaired: s.sweepRepaired,
  sweep_blocked: s.sweepBlocked,
  sweep_blocked_removals: s.sweepBlockedRemovals,
  sweep_released_removals: s.sweepReleasedRemovals,
});

@ApiTags('Edges')
@Controller('v1/edge-scopes')
export class EdgeScopesController {
  constructor(
    private readonly release: ReleaseSweep,
    private readonly queries: EdgeScopeQueries,
  ) {}

  @Get(':scope')
  @OperatorOnly()
  @ApiOperation({ operationId: 'getEdgeScope', summary: 'Get what a group of edges shares, and how its last sweep went' })
  @Returns(200, edgeScope, 'The scope')
  @Problems(403, 404)
  async get(@Operator() ctx: SystemContext, @Param('scope', { schema: scopeIn }) scope: string) {
    return edgeScopeToWire(await this.queries.byName(ctx, scope));
  }

  @Post(':scope/sweep')
  @OperatorOnly()
  @ApiOperation({ operationId: 'sweepEdgeScope', summary: 'Sweep now; after a sweep that was stopped, name the counts that it may remove' })
  @Returns(202, edgeScope, 'The sweep was woken')
  @Problems(400, 403, 404, 409, 422)
  async sweep(
    @Operator() ctx: SystemContext,
    @Param('scope', { schema: scopeIn }) scope: string,
    @Body({ schema: sweepOrder }) body: z.infer<typeof sweepOrder>,
  ) {
    return edgeScopeToWire(await this.release.execute(ctx, scope, body.removals as Record<string, number>));
  }
}
