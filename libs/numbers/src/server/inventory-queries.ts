import { Injectable } from '@nestjs/common';
import { Clock } from '@trunkline/kernel';
import type { Page, PageQuery, SystemContext, TenantContext } from '@trunkline/kernel';
import { Database } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { planOf } from '@trunkline/rating/server';
import type { AssignedPlan } from '@trunkline/rating/server';
import { decodeE164Cursor, encodeE164Cursor } from '../core/e164-cursor.ts';
import { searchInventory } from './inventory.sql.ts';
import type { InventoryFilters, InventoryRow } from './inventory.sql.ts';

const BEFORE_ALL = '+';

@Injectable()
export class InventoryQueries {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** What a tenant can order, with the plan that prices it. @throws AppError plan.none_assigned */
  available(
    ctx: TenantContext,
    query: PageQuery & Omit<InventoryFilters, 'state'>,
  ): Promise<Page<InventoryRow> & { readonly plan: AssignedPlan }> {
    return this.db.read(ctx, async (tx) => {
      const plan = await planOf(tx, ctx.tenantId, this.clock.now());
      return { plan, ...(await this.search(tx, { ...query, state: 'available' })) };
    });
  }

  /** What the operator holds, whatever its state. */
  all(ctx: SystemContext, query: PageQuery & InventoryFilters): Promise<Page<InventoryRow>> {
    return this.db.read(ctx, (tx) => this.search(tx, query));
  }

  private async search(tx: Tx, { limit, cursor, ...filters }: PageQuery & InventoryFilters): Promise<Page<InventoryRow>> {
    const after = cursor === undefined ? BEFORE_ALL : decodeE164Cursor(cursor);
    const rows = await searchInventory(tx, filters, this.clock.now(), after, limit + 1);
    const data = rows.slice(0, limit);
    const last = data.at(-1);
    return { data, nextCursor: rows.length > limit && last ? encodeE164Cursor(last.e164) : null };
  }
}
