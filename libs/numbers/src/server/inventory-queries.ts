import { Injectable } from '@nestjs/common';
import { Clock } from '@trunkline/kernel';
import type { E164, Page, PageQuery, SystemContext, TenantContext } from '@trunkline/kernel';
import { Database } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { planOf } from '@trunkline/rating/server';
import type { AssignedPlan } from '@trunkline/rating/server';
import { decodeE164Cursor, encodeE164Cursor } from '../core/e164-cursor.ts';
import { relaxations } from '../core/number-search.ts';
import type { NumberFilters } from '../core/number-search.ts';
import { searchInventory, searchRuns } from './inventory-search.sql.ts';
import type { InventoryFilters } from './inventory-search.sql.ts';
import type { InventoryRow } from './inventory.sql.ts';

const BEFORE_ALL = '+';

/** `consecutive`: so many without a gap. `bestEffort`: when there is nothing, what is nearest to it. */
export type AvailableSearch = PageQuery & NumberFilters & { readonly consecutive?: number | undefined; readonly bestEffort?: boolean | undefined };
/** `exact`: what was asked for, not what is near to it. */
export type AvailablePage = Page<InventoryRow> & { readonly exact: boolean; readonly plan: AssignedPlan };

type Search = PageQuery & { readonly filters: InventoryFilters; readonly consecutive?: number | undefined };

@Injectable()
export class InventoryQueries {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** What a tenant can order, with the plan that prices it. @throws AppError plan.none_assigned, request.bad_cursor */
  available(ctx: TenantContext, { limit, cursor, consecutive, bestEffort, ...filters }: AvailableSearch): Promise<AvailablePage> {
    return this.db.read(ctx, async (tx) => {
      const plan = await planOf(tx, ctx.tenantId, this.clock.now());
      const search = { limit, cursor, consecutive, filters: { ...filters, state: 'available' as const } };
      const page = await this.search(tx, search);
      const found = page.data.length > 0 || page.nextCursor !== null || cursor !== undefined;
      if (found || !bestEffort) return { ...page, exact: true, plan };
      return { ...(await this.nearest(tx, search)), exact: false, plan };
    });
  }

  /** What the operator holds, whatever its state. */
  all(ctx: SystemContext, { limit, cursor, ...filters }: PageQuery & InventoryFilters): Promise<Page<InventoryRow>> {
    return this.db.read(ctx, (tx) => this.search(tx, { limit, cursor, filters }));
  }

  private search(tx: Tx, { limit, cursor, filters, consecutive = 1 }: Search): Promise<Page<InventoryRow>> {
    const after = cursor === undefined ? BEFORE_ALL : decodeE164Cursor(cursor);
    return consecutive > 1 ? this.runs(tx, filters, consecutive, after, limit) : this.singles(tx, filters, after, limit);
  }

  private async singles(tx: Tx, filters: InventoryFilters, after: string, limit: number): Promise<Page<InventoryRow>> {
    const rows = await searchInventory(tx, filters, this.clock.now(), after, limit + 1);
    const data = rows.slice(0, limit);
    const last = data.at(-1);
    return { data, nextCursor: rows.length > limit && last ? encodeE164Cursor(last.e164) : null };
  }

  /** Whole runs, at least one. A page may be short although there are more: so many blocks are looked through and no more. */
  private async runs(tx: Tx, filters: InventoryFilters, count: number, after: string, limit: number): Promise<Page<InventoryRow>> {
    const most = Math.max(1, Math.floor(limit / count)) * count;
    const { rows, lastBlock } = await searchRuns(tx, filters, count, this.clock.now(), after, most);
    const last = rows.length === most ? rows.at(-1)?.e164 : lastBlock && (`${lastBlock}999` as E164);
    return { data: rows, nextCursor: last ? encodeE164Cursor(last) : null };
  }

  /** One page of the nearest search that finds something; single numbers when there is no run as long. */
  private async nearest(tx: Tx, { filters, consecutive = 1, ...page }: Search): Promise<Page<InventoryRow>> {
    const { state, ...wished } = filters;
    const easier = [filters, ...relaxations(wished).map((nearer) => ({ ...nearer, state }))];
    const tries = [...new Set([consecutive, 1])].flatMap((count) => easier.map((nearer) => ({ ...page, filters: nearer, consecutive: count })));
    for (const search of tries.slice(1)) {
      const { data } = await this.search(tx, search);
      if (data.length > 0) return { data, nextCursor: null };
    }
    return { data: [], nextCursor: null };
  }
}
