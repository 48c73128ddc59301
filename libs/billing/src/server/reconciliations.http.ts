import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { toPublicId } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Operator, OperatorOnly, Problems, Returns, idOut, pageOut, pageQuery, timestampOut } from '@trunkline/platform';
import { z } from 'zod';
import { RECONCILIATION_STATES, ReconciliationQueries } from './reconciliation-queries.ts';
import type { ReconciliationState, ReconciliationView } from './reconciliation-queries.ts';

const state = z.enum(RECONCILIATION_STATES);
export const reconciliationQuery = z.strictObject({ ...pageQuery, state: state.optional() });
export const reconciliationOut = z
  .strictObject({
    id: idOut('reconciliation'),
    object: z.literal('reconciliation'),
    object_type: z.enum(['invoice', 'payment', 'refund']),
    object_id: z.string().describe('The payment provider’s id').meta({ example: 'in_1QvYw2' }),
    kind: z.string().describe('What differs: `state`, an amount, or that one side does not know it').meta({ example: 'missing_here' }),
    ours: z.string(),
    theirs: z.string(),
    state: state.describe('`healed`: a message was lost, and is made up for. `gone`: it differs no more'),
    found_at: timestampOut(),
    seen_at: timestampOut(),
    closed_at: timestampOut().nullable(),
  })
  .meta({ id: 'Reconciliation' });

export const reconciliationToWire = (r: ReconciliationView): z.infer<typeof reconciliationOut> => ({
  id: toPublicId('reconciliation', r.id),
  object: 'reconciliation',
  object_type: r.objectType as 'invoice' | 'payment' | 'refund',
  object_id: r.objectId,
  kind: r.kind,
  ours: r.ours,
  theirs: r.theirs,
  state: r.state as ReconciliationState,
  found_at: r.foundAt.toISOString(),
  seen_at: r.seenAt.toISOString(),
  closed_at: r.closedAt?.toISOString() ?? null,
});

@ApiTags('Billing')
@Controller('v1/reconciliations')
export class ReconciliationsController {
  constructor(private readonly queries: ReconciliationQueries) {}

  @Get()
  @OperatorOnly()
  @ApiOperation({ operationId: 'listReconciliations', summary: 'List where the payment provider and we differ or differed' })
  @Returns(200, pageOut(reconciliationOut, 'ReconciliationPage'), 'A page')
  @Problems(400)
  async list(@Operator() ctx: SystemContext, @Query({ schema: reconciliationQuery }) filter: z.infer<typeof reconciliationQuery>) {
    const { data, nextCursor } = await this.queries.list(ctx, filter);
    return { data: data.map(reconciliationToWire), next_cursor: nextCursor };
  }
}
