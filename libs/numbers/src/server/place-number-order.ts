import { Injectable } from '@nestjs/common';
import { AppError, Clock, newId } from '@trunkline/kernel';
import type { E164, TenantContext } from '@trunkline/kernel';
import { Database, audit, publish } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { orderUnits } from '@trunkline/rating/server';
import { demandBundle } from '@trunkline/regulatory/server';
import { claimAllotment } from '@trunkline/tenancy/server';
import { numberErrors } from '../core/errors.ts';
import type { OrderSettings } from '../core/number.ts';
import { failed, isOpen, newItem, succeeded, waiting } from '../core/number-order.ts';
import type { OrderItem } from '../core/number-order.ts';
import { completeOrder } from './complete-order.ts';
import { claimInventory } from './inventory-search.sql.ts';
import { insertOrder } from './number-orders.sql.ts';
import type { OrderHead, WantedNumbers } from './number-orders.sql.ts';
import { NumberSuppliers } from './number-suppliers.ts';
import { lockTarget } from './numbers.sql.ts';
import { OrderNumber } from './order-number.ts';
import { knownNumbers } from './supplied-numbers.sql.ts';

/** Either the numbers themselves or what they are to be like; the settings are those of each. */
export type NewNumberOrder = OrderSettings & {
  readonly bundleId: string | null;
  readonly numbers: readonly E164[] | null;
  readonly search: WantedNumbers | null;
};
export type PlacedOrder = OrderHead & { readonly items: readonly OrderItem[] };

/** Undoes what was done to see whether it can be. */
class Tried extends Error {}

/**
 * Orders many numbers, each by itself. Those that the inventory has are the tenant's when it returns; those that a carrier has to be asked for are
 * accepted, priced and counted, and asked for afterwards.
 */
@Injectable()
export class PlaceNumberOrder {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly orderOne: OrderNumber,
    private readonly suppliers: NumberSuppliers,
  ) {}

  /** @throws AppError request.invalid at /trunk_id or /regulatory_bundle_id; what befalls a number is its item's */
  execute(ctx: TenantContext, { numbers, search, bundleId, ...settings }: NewNumberOrder): Promise<PlacedOrder> {
    return this.db.tx(ctx, async (tx) => {
      const now = this.clock.now();
      if (settings.trunkId !== null) await lockTarget(tx, ctx.tenantId, settings.trunkId);
      if (bundleId !== null) await demandBundle(tx, ctx.tenantId, bundleId);
      const head = { id: newId(), search, bundleId, ...settings, createdAt: now, updatedAt: now, completedAt: null };
      const wanted = numbers ?? (await this.claimed(tx, search, now));
      const known = await knownNumbers(
        tx,
        wanted.filter((e164) => e164 !== null),
      );
      const items = wanted.map((e164, i) => newItem(newId(), head.id, i, e164, now));
      const ended = await this.orderKnown(ctx, items, known, { bundleId, ...settings }, now);
      const decided = await this.acceptUnknown(
        tx,
        ctx,
        items.map((item) => ended.get(item.id) ?? item),
        now,
      );
      await insertOrder(tx, ctx.tenantId, head, decided);
      audit(tx, ctx, 'number_order.created', head.id, { numbers, search, bundleId, ...settings });
      publish(tx, { type: 'number_order.created', tenantId: ctx.tenantId, data: { numberOrderId: head.id, quantity: items.length } });
      return { ...head, completedAt: await completeOrder(tx, ctx, head.id, now), items: decided };
    });
  }

  private async claimed(tx: Tx, search: WantedNumbers | null, now: Date): Promise<(E164 | null)[]> {
    if (!search) return [];
    const { quantity, ...wanted } = search;
    const found = await claimInventory(tx, wanted, now, quantity);
    return Array.from({ length: quantity }, (_, i) => found[i] ?? null);
  }

  /** In the order of the numbers, so that two orders of the same ones never wait for each other in a circle. */
  private async orderKnown(
    ctx: TenantContext,
    items: readonly OrderItem[],
    known: ReadonlySet<E164>,
    settings: OrderSettings & { readonly bundleId: string | null },
    now: Date,
  ): Promise<ReadonlyMap<string, OrderItem>> {
    const ended = new Map<string, OrderItem>();
    const ours = items.flatMap((item) => (item.e164 !== null && known.has(item.e164) ? [{ item, e164: item.e164 }] : []));
    for (const { item, e164 } of ours.sort((a, b) => (a.e164 < b.e164 ? -1 : 1))) {
      const refusal = await refusalOf(() =>
        this.db.part(async () => {
          const { id } = await this.orderOne.execute(ctx, { e164, ...settings });
          ended.set(item.id, succeeded(item, id, e164));
        }),
      );
      const reason = refusal && { code: refusal.code, detail: refusal.message };
      if (reason) ended.set(item.id, reason.code.startsWith('regulatory.') ? waiting(item, reason, now) : failed(item, reason));
    }
    return ended;
  }

  /** What is left to be asked for is accepted as a whole: there is room and money for all of it, or none of it is asked for. */
  private async acceptUnknown(tx: Tx, ctx: TenantContext, items: readonly OrderItem[], now: Date): Promise<OrderItem[]> {
    const asked = this.suppliers.hasCarriers() ? [...items] : items.map(withoutCarriers);
    const open = asked.filter(isOpen).length;
    const refusal = open > 0 ? await refusalOf(() => this.db.part(() => this.accept(tx, ctx, open, now))) : undefined;
    if (!refusal) return asked;
    return asked.map((item) => (isOpen(item) ? failed(item, { code: refusal.code, detail: refusal.message }) : item));
  }

  private async accept(tx: Tx, ctx: TenantContext, quantity: number, now: Date): Promise<void> {
    await claimAllotment(tx, ctx, { numbers: quantity }, now); // given back for each that fails
    const before = tx.records.charges.length;
    const priced: (typeof tx.records.charges)[number][] = [];
    const attempt = this.db.part(async () => {
      const item = { tenantId: ctx.tenantId, kind: 'number', resourceId: newId(), description: 'tried', quantity } as const;
      await orderUnits(tx, item, now, { reference: item.resourceId });
      priced.push(...tx.records.charges.slice(before));
      throw new Tried();
    });
    await attempt.catch((error: unknown) => {
      if (!(error instanceof Tried)) throw error;
    });
    tx.records.charges.push(...priced); // for the quote
  }
}

/** What the inventory does not have, nobody has. */
const withoutCarriers = (item: OrderItem): OrderItem => {
  if (item.state !== 'pending') return item;
  const { code, title } = item.e164 === null ? numberErrors.noneFound : numberErrors.notAvailable;
  return failed(item, { code, detail: title });
};

const refusalOf = async (act: () => Promise<void>): Promise<AppError | undefined> => {
  try {
    await act();
    return undefined;
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
};
