import { Injectable } from '@nestjs/common';
import { AppError, Clock, invalidField } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { isReleased, numberErrors } from '@trunkline/numbers';
import type { TenantNumber } from '@trunkline/numbers';
import { lockNumber } from '@trunkline/numbers/server';
import { Database, audit, changed, expectRevision, markDirty, publish } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { withChange } from '../core/channel-group.ts';
import type { NumberChannelSettings, NumberChannels } from '../core/channel-group.ts';
import { holdChannels } from '../core/channel-pool.ts';
import { readGroups } from './channel-groups.sql.ts';
import { channelsOfNumber, unknownGroup, writeNumberChannels } from './channel-settings.sql.ts';
import { assignmentsOf, lockPool, readOffers, readPools } from './channels.sql.ts';

/** Gives a number channels of its own, a group and caps. They count while its calls go through a trunk that is in a group. */
@Injectable()
export class ChangeNumberChannels {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError resource.not_found, number.released, request.invalid, channel_pool.used_up */
  execute(ctx: TenantContext, id: string, change: Partial<NumberChannelSettings>): Promise<NumberChannels> {
    return this.db.tx(ctx, async (tx) => {
      const now = this.clock.now();
      const number = await lockNumber(tx, ctx.tenantId, id, now);
      expectRevision(ctx, number.revision);
      if (isReleased(number)) throw new AppError(numberErrors.released);
      const before = await channelsOfNumber(tx, ctx.tenantId, number);
      const after = withChange(before, change, now);
      if (after === before) return before;
      if (after.dedicated > 0 && after.poolId === null) throw invalidField('/dedicated_channels', 'pool', 'Dedicated channels need a pool');
      await this.assign(tx, ctx.tenantId, number, after);
      await writeNumberChannels(tx, ctx.tenantId, after).catch(unknownGroup);
      markDirty(tx, 'number', [number.e164]);
      audit(tx, ctx, 'number.channels_changed', id, changed(before, after, Object.keys(change)));
      const data = { numberId: id, e164: number.e164, dedicatedChannels: after.dedicated, revision: after.revision };
      publish(tx, { type: 'number.channels_changed', tenantId: ctx.tenantId, data });
      return after;
    });
  }

  private async assign(tx: Tx, tenantId: string, { id, country }: TenantNumber, { poolId, groupId, dedicated }: NumberChannels) {
    const [group] = groupId === null ? [] : await readGroups(tx, tenantId, [groupId]);
    if (groupId !== null && !group) throw invalidField('/group_id', 'unknown', 'No such channel group');
    const covered = [poolId, group?.poolId ?? null];
    const pools = await readPools(tx, tenantId, covered.filter((p) => p !== null)); // prettier-ignore
    const offers = await readOffers(tx, pools.map((p) => p.offerId)); // prettier-ignore
    for (const [i, pointer] of ['/pool_id', '/group_id'].entries()) {
      if (covered[i] === null || covered[i] === undefined) continue;
      const pool = pools.find((p) => p.id === covered[i]);
      if (!pool) throw invalidField(pointer, 'unknown', 'No such pool');
      const countries = offers.find((o) => o.id === pool.offerId)?.countries ?? [];
      if (!countries.includes(country))
        throw invalidField(pointer, 'country', `The pool is for ${countries.join(', ')}, the number is in ${country}`);
    }
    if (poolId === null || dedicated === 0) return;
    const pool = await lockPool(tx, tenantId, poolId);
    if (!pool) throw invalidField('/pool_id', 'unknown', 'No such pool');
    const others = (await assignmentsOf(tx, tenantId, [poolId])).filter((a) => a.id !== id);
    holdChannels(pool, others, dedicated, '/dedicated_channels');
  }
}
