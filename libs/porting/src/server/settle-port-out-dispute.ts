import { Injectable } from '@nestjs/common';
import { Clock, tenantContext } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Database } from '@trunkline/platform';
import { movesOfSettlement } from '../core/port-out-facts.ts';
import type { DisputeEnd } from '../core/port-out-facts.ts';
import { PortOutQueries } from './port-out-queries.ts';
import type { PortOutView } from './port-out-queries.ts';
import { lockPortOut } from './port-outs.sql.ts';
import { recordPortOut } from './record-port-out.ts';

/** Writes down how a dispute ended: real carriers tell that to people, not to us. What follows is what follows from an emulated carrier's word. */
@Injectable()
export class SettlePortOutDispute {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly queries: PortOutQueries,
  ) {}

  /** @param reason how the operator knows. @throws AppError resource.not_found, port_out.not_disputed, tenant.allotment_used_up */
  async execute(ctx: SystemContext, id: string, end: DisputeEnd, reason: string): Promise<PortOutView> {
    const { tenantId } = await this.queries.ownerOf(ctx, id);
    const tenant = tenantContext(tenantId, ctx.actor, ctx.requestId);
    await this.db.tx(tenant, async (tx) => {
      const portOut = await lockPortOut(tx, tenantId, id);
      await recordPortOut(tx, tenant, portOut, movesOfSettlement(portOut.row.state, end, reason), this.clock.now());
    });
    return this.queries.byId(tenant, id);
  }
}
