import { Injectable } from '@nestjs/common';
import type { NumberSearch, NumberSupplier, SupplyOrder } from '@trunkline/carriers/server';
import { AppError, Clock, newId, tenantContext } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, isUniqueViolation, publish } from '@trunkline/platform';
import { missingPapers } from '@trunkline/regulatory/server';
import { numberErrors } from '../core/errors.ts';
import { NO_CELLS, readNumberRow } from '../core/number-row.ts';
import { UNKNOWN_FOR_MS, isAsSeen, isOpen, lookedAt, resumed, sent, sentAgain, waiting } from '../core/number-order.ts';
import type { FoundNumber, ItemReason, OrderItem } from '../core/number-order.ts';
import { listItems, lockItem, readItem, readOrder, saveItem } from './number-orders.sql.ts';
import type { OrderHead } from './number-orders.sql.ts';
import { NumberSuppliers } from './number-suppliers.ts';
import { INVENTORY, SettleOrderItem } from './settle-order-item.ts';
import { knownNumbers } from './supplied-numbers.sql.ts';

const SEARCH_DEADLINE_MS = 15_000;
const SPARE_OFFERS = 10; // others order at the same time

const contextOf = (tenantId: string): TenantContext =>
  tenantContext(tenantId, { type: 'system', id: 'number orders' }, 'job:number orders');
const reasonOf = ({ code, title }: { code: string; title: string }): ItemReason => ({ code, detail: title });

/**
 * Takes an item of an order one step further: finds its number, asks the supplier, looks what came of it. What it is about to do is written down before
 * it is done, so a process that is killed anywhere leaves an item that the next one can take up, and no number is ordered twice.
 */
@Injectable()
export class AdvanceOrderItem {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly suppliers: NumberSuppliers,
    private readonly settle: SettleOrderItem,
  ) {}

  async execute(tenantId: string, id: string): Promise<void> {
    const ctx = contextOf(tenantId);
    const { item, order, siblings } = await this.db.read(ctx, async (tx) => {
      const found = await readItem(tx, tenantId, id);
      return { item: found, order: await readOrder(tx, tenantId, found.orderId), siblings: await listItems(tx, tenantId, [found.orderId]) };
    });
    if (!isOpen(item)) return;
    const { found } = item;
    const supplier = found && this.suppliers.byName(found.supplier);
    if (item.state !== 'ordering') await this.begin(ctx, order, item, siblings);
    else if (found && supplier) await this.follow(ctx, item, found, supplier);
    else await this.look(ctx, item); // its supplier is not configured any more: it may be again
  }

  /** Something went wrong that says nothing of the number: it is tried again, later each time, and holds up none of those behind it. */
  postpone(tenantId: string, id: string): Promise<void> {
    const ctx = contextOf(tenantId);
    return this.db.tx(ctx, async (tx) => {
      const now = this.clock.now();
      const item = await lockItem(tx, tenantId, id);
      if (isOpen(item)) await saveItem(tx, tenantId, lookedAt(item, now), now);
    });
  }

  private async begin(ctx: TenantContext, order: OrderHead, item: OrderItem, siblings: readonly OrderItem[]): Promise<void> {
    const found = item.found ?? (await this.find(ctx, order, item, siblings));
    if (found === 'unanswered') return this.look(ctx, item);
    const none = order.search ? numberErrors.noneFound : numberErrors.notAvailable;
    if (found === 'none') return this.settle.fail(ctx, item, reasonOf(none));
    const begun = await this.begun(ctx, order, item, found);
    if (begun === 'taken') return this.settle.lose(ctx, item, reasonOf(numberErrors.notAvailable));
    const supplier = this.suppliers.byName(found.supplier);
    if (!begun || !supplier) return;
    if (begun.state === 'ordering') await this.ask(ctx, begun, found, supplier);
    else if (item.state !== 'waiting') await answerOf(() => supplier.reserve(ctx, found.e164, begun.id)); // papers take time
  }

  private async find(
    ctx: TenantContext,
    { search }: OrderHead,
    { e164, refused }: OrderItem,
    siblings: readonly OrderItem[],
  ): Promise<FoundNumber | 'none' | 'unanswered'> {
    const query = e164 === null ? search && { ...search, limit: search.quantity + SPARE_OFFERS } : queryFor(e164);
    if (!query) return 'none';
    const { found, late } = await this.suppliers.search(ctx, query, SEARCH_DEADLINE_MS);
    const spoken = new Set<string | null>([...refused, ...(e164 === null ? siblings.map((other) => other.e164) : [])]);
    const offer = found.find((number) => !spoken.has(number.e164) && (e164 === null || number.e164 === e164));
    return offer ?? (late.length > 0 ? 'unanswered' : 'none');
  }

  /** Says that the supplier is about to be asked, or that papers are missing. Of several processes one gets to say so. */
  private async begun(
    ctx: TenantContext,
    { bundleId }: OrderHead,
    seen: OrderItem,
    found: FoundNumber,
  ): Promise<OrderItem | 'taken' | undefined> {
    try {
      return await this.db.tx(ctx, async (tx) => {
        const item = await lockItem(tx, ctx.tenantId, seen.id);
        if (!isAsSeen(item, seen)) return undefined;
        if (found.supplier !== INVENTORY && (await knownNumbers(tx, [found.e164])).size > 0) return 'taken'; // it offers what we have
        const now = this.clock.now();
        const refusal = await missingPapers(tx, ctx.tenantId, found, bundleId, now);
        const began = refusal
          ? waiting({ ...item, e164: found.e164, found }, { code: refusal.error.code, detail: refusal.detail }, now)
          : sent(item.state === 'waiting' ? resumed(item) : item, found, newId(), now);
        await saveItem(tx, ctx.tenantId, began, now);
        const data = { numberOrderId: item.orderId, e164: found.e164, code: refusal?.error.code };
        if (refusal && item.state !== 'waiting') publish(tx, { type: 'number_order.number_waiting', tenantId: ctx.tenantId, data });
        return began;
      });
    } catch (error) {
      if (isUniqueViolation(error, 'number_order_item_ordering_key')) return 'taken';
      throw error;
    }
  }

  private async ask(ctx: TenantContext, item: OrderItem, found: FoundNumber, supplier: NumberSupplier): Promise<void> {
    const outcome = await answerOf(() => supplier.order(ctx, found.e164, item.supplierReference ?? ''));
    if (outcome !== 'unknown' && outcome) await this.fold(ctx, item, found, outcome);
  }

  private async follow(ctx: TenantContext, item: OrderItem, found: FoundNumber, supplier: NumberSupplier): Promise<void> {
    const outcome = await answerOf(() => supplier.find(ctx, found.e164, item.supplierReference ?? '', item.supplierOrderId));
    if (outcome === 'unknown') return this.look(ctx, item);
    if (outcome) return this.fold(ctx, item, found, outcome);
    const again = await this.mayAskAgain(ctx, item);
    return again ? this.ask(ctx, again, found, supplier) : this.look(ctx, item);
  }

  /** An order that never arrived is sent once more, by one process, when it cannot be under way any more. */
  private mayAskAgain(ctx: TenantContext, seen: OrderItem): Promise<OrderItem | undefined> {
    return this.db.tx(ctx, async (tx) => {
      const now = this.clock.now();
      const item = await lockItem(tx, ctx.tenantId, seen.id);
      if (!isAsSeen(item, seen) || now.getTime() - (item.sentAt?.getTime() ?? 0) < UNKNOWN_FOR_MS) return undefined;
      const again = sentAgain(item, now);
      await saveItem(tx, ctx.tenantId, again, now);
      return again;
    });
  }

  private async fold(ctx: TenantContext, item: OrderItem, found: FoundNumber, { state, orderId, detail }: SupplyOrder): Promise<void> {
    if (state === 'pending') return this.look(ctx, item, orderId);
    if (state === 'succeeded') return this.settle.succeed(ctx, item, found);
    const { code, title } = numberErrors.notAvailable;
    return this.settle.lose(ctx, item, { code, detail: detail ?? title });
  }

  /** Nothing is decided: it is looked at again, later each time. */
  private look(ctx: TenantContext, seen: OrderItem, supplierOrderId?: string | null): Promise<void> {
    return this.db.tx(ctx, async (tx) => {
      const now = this.clock.now();
      const item = await lockItem(tx, ctx.tenantId, seen.id);
      if (isAsSeen(item, seen)) await saveItem(tx, ctx.tenantId, lookedAt(item, now, supplierOrderId ?? item.supplierOrderId), now);
    });
  }
}

const queryFor = (e164: OrderItem['e164'] & string): NumberSearch | null => {
  const cells = { ...NO_CELLS, number: e164 };
  const { number } = readNumberRow(cells, new Set());
  return number ? { country: number.country, ...(number.areaCode && { areaCode: number.areaCode }), startsWith: e164, limit: 1 } : null;
};

/** What the supplier says; `unknown` when it does not. */
const answerOf = async <T>(ask: () => Promise<T>): Promise<T | 'unknown'> => {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof AppError && error.kind === 'unavailable') return 'unknown';
    throw error;
  }
};
