import { Injectable } from '@nestjs/common';
import { Clock } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, audit, changed, expectRevision, markDirty, publish } from '@trunkline/platform';
import { changeGroup, trunksOf } from '../core/inbound-group.ts';
import type { InboundGroup, InboundGroupSettings } from '../core/inbound-group.ts';
import { lockGroup, requireTrunks, updateGroupRow } from './inbound-groups.sql.ts';

@Injectable()
export class UpdateInboundGroup {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError resource.not_found, request.invalid, inbound_group.name_taken */
  execute(ctx: TenantContext, id: string, change: Partial<InboundGroupSettings>): Promise<InboundGroup> {
    return this.db.tx(ctx, async (tx) => {
      const before = await lockGroup(tx, ctx.tenantId, id);
      expectRevision(ctx, before.revision);
      const group = changeGroup(before, change, this.clock.now());
      if (group === before) return group;
      await requireTrunks(tx, ctx.tenantId, change.targets ? trunksOf(group) : []);
      await updateGroupRow(tx, ctx.tenantId, group);
      markDirty(tx, 'inbound_group', [id]);
      audit(tx, ctx, 'inbound_group.updated', id, changed(before, group, Object.keys(change)));
      publish(tx, { type: 'inbound_group.updated', tenantId: ctx.tenantId, data: { inboundGroupId: id, revision: group.revision } });
      return group;
    });
  }
}
