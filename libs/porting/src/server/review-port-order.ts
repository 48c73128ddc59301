import { Injectable } from '@nestjs/common';
import { tenantContext } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { CommandPortOrder } from './command-port-order.ts';
import { PortQueries } from './port-queries.ts';
import type { PortOrderView } from './port-queries.ts';

/** What the operator decides of an order that waits for it. */
@Injectable()
export class ReviewPortOrder {
  constructor(
    private readonly commands: CommandPortOrder,
    private readonly queries: PortQueries,
  ) {}

  /** @throws AppError resource.not_found, port_order.command_refused, port_order.own_review */
  async execute(ctx: SystemContext, id: string, decision: 'approve' | 'return_for_changes', reason?: string): Promise<PortOrderView> {
    const tenant = tenantContext(await this.queries.ownerOf(ctx, id), ctx.actor, ctx.requestId);
    await this.commands.execute(tenant, id, decision, reason === undefined ? {} : { reason });
    return this.queries.order(tenant, id);
  }
}
