import { Injectable } from '@nestjs/common';
import type { TenantContext } from '@trunkline/kernel';
import { Database, eachByItself } from '@trunkline/platform';
import type { Outcome } from '@trunkline/platform';
import type { NumberSettings, TenantNumber } from '../core/number.ts';
import { OrderNumber } from './order-number.ts';
import type { NumberOrder } from './order-number.ts';
import { UpdateNumber } from './update-number.ts';

/** A change of one number; a revision says which state of it is meant. */
export type OneChange = { readonly id: string; readonly revision?: number | undefined; readonly change: Partial<NumberSettings> };

/** Many numbers in one request. */
@Injectable()
export class BulkNumbers {
  constructor(
    private readonly db: Database,
    private readonly orderOne: OrderNumber,
    private readonly updateOne: UpdateNumber,
  ) {}

  order(ctx: TenantContext, orders: readonly NumberOrder[]): Promise<Outcome<TenantNumber>[]> {
    return eachByItself(this.db, ctx, orders, (order) => this.orderOne.execute(ctx, order));
  }

  update(ctx: TenantContext, changes: readonly OneChange[]): Promise<Outcome<TenantNumber>[]> {
    return eachByItself(this.db, ctx, changes, ({ id, revision, change }) =>
      this.updateOne.execute(revision === undefined ? ctx : { ...ctx, expectedRevisions: [revision] }, id, change),
    );
  }
}
