import { Inject, Injectable } from '@nestjs/common';
import { camelKeys } from '@trunkline/kernel';
import { GRAPH, addMutation, inputOf, scoped } from '@trunkline/platform';
import type { Graph } from '@trunkline/platform';
import type { NumberSettings } from '../core/number.ts';
import { NumbersGraphql } from './numbers.graphql.ts';
import { numberChange, numberOrder } from './numbers.schema.ts';
import { OrderNumber } from './order-number.ts';
import { ReleaseNumber } from './release-number.ts';
import { RestoreNumber } from './restore-number.ts';
import { UpdateNumber } from './update-number.ts';

const access = scoped('numbers:write');

/** What orders, points and gives back numbers. */
@Injectable()
export class NumberChangesGraphql {
  constructor(
    @Inject(GRAPH) graph: Graph,
    { number: type }: NumbersGraphql,
    order: OrderNumber,
    update: UpdateNumber,
    release: ReleaseNumber,
    restore: RestoreNumber,
  ) {
    addMutation(graph, 'orderNumber', access, {
      type,
      description: 'Order a number',
      input: inputOf(graph, numberOrder),
      run: (ctx, { input: { number, ...settings } }) => order.execute(ctx, { e164: number, ...camelKeys(settings) }),
    });
    addMutation(graph, 'updateNumber', access, {
      type,
      description: 'Point a number at a trunk, or at none',
      ids: { id: 'number' },
      input: inputOf(graph, numberChange),
      run: (ctx, { id, input }) => update.execute(ctx, id, camelKeys(input) as Partial<NumberSettings>),
    });
    addMutation(graph, 'releaseNumber', access, {
      type,
      description: 'Give a number back, into quarantine',
      ids: { id: 'number' },
      run: (ctx, { id }) => release.execute(ctx, id),
    });
    addMutation(graph, 'restoreNumber', access, {
      type,
      description: 'Take back a number that was released, within its restore window',
      ids: { id: 'number' },
      run: (ctx, { id }) => restore.execute(ctx, id),
    });
  }
}
