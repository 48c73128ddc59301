import { Injectable } from '@nestjs/common';
import { Clock, newId } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, audit, markDirty, publish } from '@trunkline/platform';
import { openGroup, trunksOf } from '../core/inbound-group.ts';
import type { InboundGroup, InboundGroupSettings } from '../core/inbound-group.ts';
import { insertGroup, requireTrunks } from './inbound-groups.sql.ts';

@Injectable()
export class CreateInboundGroup {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError request.invalid, inbound_group.name_taken */
  execute(ctx: TenantContext, settings: InboundGroupSettings): Promise<InboundGroup> {
    return this.db.tx(ctx, async (tx) => {
      const group = openGroup(newId(), settings, this.clock.now());
      await requireTrunks(tx, ctx.tenantId, trunksOf(group));
      await insertGroup(tx, ctx.tenantId, group);
      markDirty(tx, 'inbound_group', [group.id]);
      audit(tx, ctx, 'inbound_group.created', group.id, settings);
      publish(tx, { type: 'inbound_group.created', tenantId: ctx.tenantId, data: { inboundGroupId: group.id } });
      return group;
    });
  }
}
