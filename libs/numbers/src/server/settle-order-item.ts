import { Injectable } from '@nestjs/common';
import { AppError, Clock, newId, systemContext } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, isUniqueViolation, publish } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { claimAllotment } from '@trunkline/tenancy/server';
import { lockTrunk } from '@trunkline/trunks/server';
import { numberErrors } from '../core/errors.ts';
import { orderedNumber } from '../core/number.ts';
import { failed, gone, isAsSeen, succeeded } from '../core/number-order.ts';
import type { FoundNumber, ItemReason, OrderItem } from '../core/number-order.ts';
import { assignNumber } from './assign-number.ts';
import { completeOrder } from './complete-order.ts';
import { takeNumber } from './inventory.sql.ts';
import { lockItem, readOrder, saveItem } from './number-orders.sql.ts';
import type { OrderHead } from './number-orders.sql.ts';
import { bringNumber, stockNumber } from './supplied-numbers.sql.ts';

const context = systemContext('number orders');
export const INVENTORY = 'inventory';

/** How an item of an order ends. Each of these may be repeated after any crash: the item, locked, says whether it was done. */
@Injectable()
export class SettleOrderItem {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * The supplier has the number for us: it becomes the tenant's and is charged, at once or not at all. One that a carrier sold us and that the tenant
   * cannot have any more (its money is gone) goes into the inventory.
   */
  async succeed(ctx: TenantContext, seen: OrderItem, found: FoundNumber): Promise<void> {
    if (found.supplier !== INVENTORY) await this.db.tx(context, (tx) => bringNumber(tx, found, this.clock.now()));
    try {
      await this.db.tx(ctx, (tx) => this.assign(tx, ctx, seen, found));
    } catch (error) {
      const reason = reasonOf(error);
      if (!reason) throw error;
      if (found.supplier !== INVENTORY) await this.db.tx(context, (tx) => stockNumber(tx, found.e164, this.clock.now()));
      await (reason.code === numberErrors.notAvailable.code ? this.lose(ctx, seen, reason) : this.fail(ctx, seen, reason));
    }
  }

  private async assign(tx: Tx, ctx: TenantContext, seen: OrderItem, found: FoundNumber): Promise<void> {
    const now = this.clock.now();
    const item = await lockItem(tx, ctx.tenantId, seen.id);
    if (!isAsSeen(item, seen)) return;
    const order = await readOrder(tx, ctx.tenantId, item.orderId);
    const trunkId = await this.liveTrunk(tx, ctx, order);
    // one that a carrier sold us is set aside already: only one tenant can have it, which the index of assignments sees to
    const taken = (await takeNumber(tx, ctx.tenantId, found.e164, now)) ?? (found.supplier === INVENTORY ? undefined : found);
    if (!taken) throw new AppError(numberErrors.notAvailable);
    const { externalReference, tags } = order;
    const number = orderedNumber(
      newId(),
      { e164: found.e164, country: taken.country, type: taken.type },
      { trunkId, externalReference, tags },
      now,
    );
    await assignNumber(tx, ctx, number, order.createdAt);
    await saveItem(tx, ctx.tenantId, succeeded(item, number.id, found.e164), now);
    await completeOrder(tx, ctx, item.orderId, now);
  }

  /** A number that is bought is not lost for a trunk that was deleted meanwhile: it points nowhere then. */
  private async liveTrunk(tx: Tx, ctx: TenantContext, { trunkId }: OrderHead): Promise<string | null> {
    if (trunkId === null) return null;
    try {
      await lockTrunk(tx, ctx.tenantId, trunkId);
      return trunkId;
    } catch (error) {
      if (error instanceof AppError && error.kind === 'not_found') return null;
      throw error;
    }
  }

  /** The number cannot be had: another is tried, or the item fails. */
  lose(ctx: TenantContext, seen: OrderItem, reason: ItemReason): Promise<void> {
    return this.end(ctx, seen, (item, order, now) => gone(item, order.search !== null, reason, now));
  }

  fail(ctx: TenantContext, seen: OrderItem, reason: ItemReason): Promise<void> {
    return this.end(ctx, seen, (item) => failed(item, reason));
  }

  private end(ctx: TenantContext, seen: OrderItem, move: (item: OrderItem, order: OrderHead, now: Date) => OrderItem): Promise<void> {
    return this.db.tx(ctx, async (tx) => {
      const now = this.clock.now();
      const item = await lockItem(tx, ctx.tenantId, seen.id);
      if (isAsSeen(item, seen)) await endItem(tx, ctx, move(item, await readOrder(tx, ctx.tenantId, item.orderId), now), now);
    });
  }
}

/** Saves an item that may have failed. What was counted for it when it was accepted is given back. */
export const endItem = async (tx: Tx, ctx: TenantContext, item: OrderItem, now: Date): Promise<void> => {
  await saveItem(tx, ctx.tenantId, item, now);
  if (item.state === 'failed') {
    await claimAllotment(tx, ctx, { numbers: -1 }, now);
    const data = { numberOrderId: item.orderId, e164: item.e164, code: item.reason?.code };
    publish(tx, { type: 'number_order.number_failed', tenantId: ctx.tenantId, data });
  }
  await completeOrder(tx, ctx, item.orderId, now);
};

const reasonOf = (error: unknown): ItemReason | undefined => {
  if (error instanceof AppError && error.kind !== 'unavailable') return { code: error.code, detail: error.message };
  const { code, title } = numberErrors.notAvailable;
  return isUniqueViolation(error, 'number_assignment_active_key') ? { code, detail: title } : undefined; // another tenant has it
};
