import { Injectable } from '@nestjs/common';
import { NumberSupplier } from '@trunkline/carriers/server';
import type { NumberOffer, NumberSearch, SupplyOrder } from '@trunkline/carriers/server';
import { Clock, notFound } from '@trunkline/kernel';
import type { E164, TenantContext } from '@trunkline/kernel';
import { Database } from '@trunkline/platform';
import { numberErrors } from '../core/errors.ts';
import { searchInventory } from './inventory-search.sql.ts';
import { isAvailable } from './supplied-numbers.sql.ts';

const BEFORE_ALL = '+';

/** Our own inventory as one supplier among others. What is in it is the platform's already, so an order of it is a look. */
@Injectable()
export class InventorySupplier extends NumberSupplier {
  readonly name = 'inventory';

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {
    super();
  }

  search(ctx: TenantContext, { limit, ...wanted }: NumberSearch): Promise<NumberOffer[]> {
    return this.db.read(ctx, (tx) => searchInventory(tx, { ...wanted, state: 'available' }, this.clock.now(), BEFORE_ALL, limit));
  }

  /** It can be taken at once; until then it is everybody's. */
  reserve(): Promise<null> {
    return Promise.resolve(null);
  }

  order(ctx: TenantContext, e164: E164): Promise<SupplyOrder> {
    return this.find(ctx, e164);
  }

  async find(ctx: TenantContext, e164: E164): Promise<SupplyOrder> {
    const there = await this.db.read(ctx, (tx) => isAvailable(tx, e164, this.clock.now()));
    const detail = there ? null : numberErrors.notAvailable.title;
    return { state: there ? 'succeeded' : 'failed', orderId: null, detail };
  }

  /** It is asked, and tells nothing. */
  heard(): never {
    throw notFound();
  }

  /** What is released here rests, and stays. */
  release(): Promise<void> {
    return Promise.resolve();
  }
}
