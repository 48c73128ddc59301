import { Injectable } from '@nestjs/common';
import { Clock } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Database, Log } from '@trunkline/platform';
import { AdvanceOrderItem } from './advance-order-item.ts';
import { dueItems, wakeItems } from './number-orders.sql.ts';

const BATCH = 200;

/** Takes every item whose turn has come one step further: those of one order one after the other, since they look for numbers among the same ones. */
@Injectable()
export class AdvanceNumberOrders {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly advance: AdvanceOrderItem,
  ) {}

  /** @returns how many items there were */
  async execute(ctx: SystemContext): Promise<number> {
    const due = await this.db.read(ctx, (tx) => dueItems(tx, this.clock.now(), BATCH));
    const byOrder = Map.groupBy(due, ({ orderId }) => orderId);
    await Promise.all([...byOrder.values()].map((items) => this.inTurn(items)));
    return due.length;
  }

  /** Papers were approved: what waits for them is looked at now. */
  async wake(ctx: SystemContext, tenantId: string, bundleId: string): Promise<void> {
    await this.db.tx(ctx, (tx) => wakeItems(tx, tenantId, bundleId, this.clock.now()));
  }

  private async inTurn(items: readonly { readonly tenantId: string; readonly id: string }[]): Promise<void> {
    for (const { tenantId, id } of items)
      await this.advance.execute(tenantId, id).catch(async (err: unknown) => {
        this.log.error({ tenantId, item: id, err }, 'a number order stays as it is, and is tried again');
        await this.advance.postpone(tenantId, id);
      });
  }
}
