import { Injectable } from '@nestjs/common';
import { Clock } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { postSetup } from '@trunkline/ledger/server';
import { Database, audit, changed, expectRevision, markDirty, publish, setTags } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { replaceRecurring } from '@trunkline/rating/server';
import { claimAllotment } from '@trunkline/tenancy/server';
import { changeTrunk, reachOf } from '../core/trunk.ts';
import type { Trunk, TrunkSettings } from '../core/trunk.ts';
import { attachLists, lockLists } from './attach-lists.ts';
import { claimAddresses } from './claim-addresses.ts';
import { nameTaken } from './create-trunk.ts';
import { hasOwnChannels } from './own-channels.ts';
import { lockTrunk, updateTrunkRow } from './trunks.sql.ts';

@Injectable()
export class UpdateTrunk {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError resource.not_found, request.invalid, trunk.name_taken, trunk.address_taken, trunk.credentials_shared, tenant.allotment_used_up, kyc.required */
  execute(ctx: TenantContext, id: string, change: Partial<TrunkSettings>): Promise<Trunk> {
    return this.db.tx(ctx, async (tx) => {
      if (touchesLists(change)) await lockLists(tx, ctx.tenantId);
      const before = await lockTrunk(tx, ctx.tenantId, id);
      expectRevision(ctx, before.revision);
      const trunk = changeTrunk(before, change, this.clock.now());
      if (trunk === before) return trunk;
      const reach = reachesFurther(before, trunk) ? { reach: reachOf(trunk) } : {};
      const resized = trunk.channelsMax !== before.channelsMax && (await hasOwnChannels(tx, ctx.tenantId, id));
      await claimAllotment(tx, ctx, { channels: resized ? trunk.channelsMax - before.channelsMax : 0, ...reach }, trunk.updatedAt);
      await updateTrunkRow(tx, ctx.tenantId, trunk).catch(nameTaken);
      if (trunk.tags.join() !== before.tags.join()) await setTags(tx, ctx.tenantId, 'trunk', id, trunk.tags);
      if (touchesLists(change)) await attachLists(tx, ctx.tenantId, trunk);
      if (callsFromElsewhere(before, trunk)) await claimAddresses(tx, ctx.tenantId, trunk);
      if (resized) await this.resize(tx, ctx.tenantId, before, trunk);
      markDirty(tx, 'trunk', [id]);
      audit(tx, ctx, 'trunk.updated', id, changed(before, trunk, Object.keys(change)));
      publish(tx, { type: 'trunk.updated', tenantId: ctx.tenantId, data: { trunkId: id, revision: trunk.revision } });
      return trunk;
    });
  }

  /** Channels cost their new number from today on; only those added pay a setup fee. */
  private async resize(tx: Tx, tenantId: string, before: Trunk, trunk: Trunk): Promise<void> {
    const item = { tenantId, kind: 'channel', resourceId: trunk.id, description: trunk.name, quantity: trunk.channelsMax } as const;
    const price = await replaceRecurring(tx, item, trunk.updatedAt);
    const added = Math.max(0, trunk.channelsMax - before.channelsMax);
    await postSetup(tx, {
      tenantId,
      currency: price.currency,
      unit: 'channel',
      quantity: added,
      amountNanos: price.setupNanos * BigInt(added),
      reference: `${trunk.id}:${trunk.revision}`,
      at: trunk.updatedAt,
    });
  }
}

const callsFromElsewhere = (before: Trunk, trunk: Trunk): boolean =>
  before.techPrefix !== trunk.techPrefix ||
  before.authMode !== trunk.authMode ||
  before.ipAddresses.join() !== trunk.ipAddresses.join() ||
  before.ipListIds.join() !== trunk.ipListIds.join();

const touchesLists = ({ ipListIds, credentialListIds, techPrefix, authMode }: Partial<TrunkSettings>): boolean =>
  [ipListIds, credentialListIds, techPrefix, authMode].some((value) => value !== undefined);

// what a trunk has already, it keeps
const reachesFurther = (before: Trunk, trunk: Trunk): boolean =>
  reachOf(trunk).callsPerSecond > reachOf(before).callsPerSecond ||
  trunk.allowedCountries.some((c) => !before.allowedCountries.includes(c));
