import { Injectable } from '@nestjs/common';
import { AppError, Clock, compareNetworks, newId } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, audit, changed, expectRevision, isUniqueViolation, markDirty, publish } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { trunkErrors } from '../core/errors.ts';
import { lockLists } from './attach-lists.ts';
import { claimAddresses } from './claim-addresses.ts';
import { ipListRows, writeIpList } from './lists.sql.ts';
import type { IpList } from './lists.sql.ts';
import { lockTrunk } from './trunks.sql.ts';

export type IpListSettings = Pick<IpList, 'name' | 'networks'>;
export type IpListChange = { readonly [K in keyof IpListSettings]?: IpListSettings[K] | undefined };

/** Everything that is done to IP lists. A change reaches every trunk that uses the list, in the same transaction. */
@Injectable()
export class ChangeIpList {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError list.name_taken */
  create(ctx: TenantContext, { name, networks }: IpListSettings): Promise<IpList> {
    return this.db.tx(ctx, async (tx) => {
      const now = this.clock.now();
      const list = { id: newId(), name, networks: inOrder(networks), trunkIds: [], revision: 1, createdAt: now, updatedAt: now };
      await writeIpList(tx, ctx.tenantId, list).catch(nameTaken);
      audit(tx, ctx, 'ip_list.created', list.id, { name, networks });
      publish(tx, { type: 'ip_list.created', tenantId: ctx.tenantId, data: { ipListId: list.id } });
      return list;
    });
  }

  /** What is left out stays. @throws AppError resource.not_found, list.name_taken, trunk.address_taken */
  update(ctx: TenantContext, id: string, change: IpListChange): Promise<IpList> {
    return this.db.tx(ctx, async (tx) => {
      await lockLists(tx, ctx.tenantId);
      const before = await ipListRows.lock(tx, ctx.tenantId, id);
      expectRevision(ctx, before.revision);
      const settings = { name: change.name ?? before.name, networks: inOrder(change.networks ?? before.networks) };
      if (settings.name === before.name && settings.networks.join() === before.networks.join()) return before;
      const list = { ...before, ...settings, revision: before.revision + 1, updatedAt: this.clock.now() };
      await writeIpList(tx, ctx.tenantId, list).catch(nameTaken);
      await this.reclaim(tx, ctx.tenantId, list);
      audit(tx, ctx, 'ip_list.updated', id, changed<IpListSettings>(before, list, Object.keys(change)));
      publish(tx, { type: 'ip_list.updated', tenantId: ctx.tenantId, data: { ipListId: id, revision: list.revision } });
      return list;
    });
  }

  /** @throws AppError resource.not_found, ip_list.in_use */
  delete(ctx: TenantContext, id: string): Promise<void> {
    return this.db.tx(ctx, async (tx) => {
      await lockLists(tx, ctx.tenantId);
      const { revision } = await ipListRows.lock(tx, ctx.tenantId, id);
      expectRevision(ctx, revision);
      refuseUsed(trunkErrors.ipListInUse, await ipListRows.users(tx, ctx.tenantId, id));
      await ipListRows.remove(tx, ctx.tenantId, id, this.clock.now());
      audit(tx, ctx, 'ip_list.deleted', id);
      publish(tx, { type: 'ip_list.deleted', tenantId: ctx.tenantId, data: { ipListId: id } });
    });
  }

  /** All trunks are locked before the first claims, for that makes others wait. */
  private async reclaim(tx: Tx, tenantId: string, { trunkIds, updatedAt }: IpList): Promise<void> {
    const trunks = [];
    for (const trunkId of trunkIds) trunks.push(await lockTrunk(tx, tenantId, trunkId));
    for (const trunk of trunks) await claimAddresses(tx, tenantId, trunk, updatedAt);
    markDirty(tx, 'trunk', trunkIds);
  }
}

const inOrder = (networks: readonly string[]): readonly string[] => [...networks].sort(compareNetworks);

/** Of either kind of list. */
export const nameTaken = (error: unknown): never => {
  if (!isUniqueViolation(error, 'ip_list_name_key') && !isUniqueViolation(error, 'credential_list_name_key')) throw error;
  const detail = trunkErrors.listNameTaken.title;
  throw new AppError(trunkErrors.listNameTaken, undefined, { errors: [{ pointer: '/name', code: 'taken', detail }] });
};

/** Names the trunks that use it. */
export const refuseUsed = (
  error: (typeof trunkErrors)['ipListInUse' | 'credentialListInUse'],
  users: readonly { readonly name: string }[],
): void => {
  if (users.length > 0) throw new AppError(error, `Used by ${users.map(({ name }) => `"${name}"`).join(', ')}`);
};
