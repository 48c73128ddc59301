import { Injectable } from '@nestjs/common';
import { AppError, Clock, newId } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, audit, isUniqueViolation, markDirty, publish, setTags } from '@trunkline/platform';
import { orderUnits } from '@trunkline/rating/server';
import { claimAllotment } from '@trunkline/tenancy/server';
import { trunkErrors } from '../core/errors.ts';
import { openTrunk, reachOf } from '../core/trunk.ts';
import type { Trunk, TrunkSettings } from '../core/trunk.ts';
import { attachLists, lockLists } from './attach-lists.ts';
import { claimAddresses } from './claim-addresses.ts';
import { insertTrunk } from './trunks.sql.ts';

/** Opens a trunk: its channels are paid from today, the setup fee is posted at once, the edges hear of it after the commit. */
@Injectable()
export class CreateTrunk {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError request.invalid, trunk.name_taken, trunk.address_taken, trunk.credentials_shared, plan.none_assigned, tenant.allotment_used_up, ledger.balance_too_low, kyc.required */
  execute(ctx: TenantContext, input: TrunkSettings): Promise<Trunk> {
    return this.db.tx(ctx, async (tx) => {
      const now = this.clock.now();
      const trunk = openTrunk(newId(), input, now);
      const listed = trunk.ipListIds.length > 0 || trunk.credentialListIds.length > 0;
      if (listed) await lockLists(tx, ctx.tenantId);
      const channels = { kind: 'channel', resourceId: trunk.id, description: trunk.name, quantity: trunk.channelsMax } as const;
      const claimed = claimAllotment(tx, ctx, { channels: trunk.channelsMax, reach: reachOf(trunk) }, now);
      const opened = Promise.all([
        orderUnits(tx, { tenantId: ctx.tenantId, ...channels }, now, { reference: `${trunk.id}:1` }),
        insertTrunk(tx, ctx.tenantId, trunk).catch(nameTaken),
      ]);
      opened.catch(() => {}); // sent along, but whether the channels may be had is told first
      await claimed;
      await opened;
      if (listed) await attachLists(tx, ctx.tenantId, trunk);
      if (trunk.ipAddresses.length > 0 || trunk.ipListIds.length > 0) await claimAddresses(tx, ctx.tenantId, trunk);
      if (trunk.tags.length > 0) await setTags(tx, ctx.tenantId, 'trunk', trunk.id, trunk.tags);
      markDirty(tx, 'trunk', [trunk.id]);
      audit(tx, ctx, 'trunk.created', trunk.id, input);
      publish(tx, { type: 'trunk.created', tenantId: ctx.tenantId, data: { trunkId: trunk.id } });
      return trunk;
    });
  }
}

export const nameTaken = (error: unknown): never => {
  if (!isUniqueViolation(error, 'trunk_name_key')) throw error;
  throw new AppError(trunkErrors.nameTaken, undefined, {
    errors: [{ pointer: '/name', code: 'taken', detail: trunkErrors.nameTaken.title }],
  });
};
