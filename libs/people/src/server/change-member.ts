import { Injectable } from '@nestjs/common';
import { AppError, Clock, notFound } from '@trunkline/kernel';
import type { Context } from '@trunkline/kernel';
import { Database, PLATFORM_TENANT_ID, audit, changed, expectRevision, publish } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { peopleErrors } from '../core/errors.ts';
import { grantorOf, refuseGrant } from './grantor.ts';
import { deleteMember, lockOwnersAnd, memberById, updateMember } from './members.sql.ts';
import type { Member } from './members.sql.ts';
import { tenantOf } from './tenant-of.ts';

export type MemberChange = { readonly role?: string | undefined; readonly isDisabled?: boolean | undefined };
type Standing = { readonly role: string; readonly isActive: boolean };

const isActiveOwner = ({ role, isActive }: Standing): boolean => role === 'owner' && isActive;

/** Another role, a pause, or an end of a member. Sessions feel it with their next request. */
@Injectable()
export class ChangeMember {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError resource.not_found, member.role_not_yours, member.last_owner */
  update(ctx: Context, id: string, change: MemberChange): Promise<Member> {
    return this.db.tx(ctx, async (tx) => {
      const tenantId = tenantOf(ctx);
      const before = await this.lock(tx, ctx, id);
      const role = change.role ?? before.role;
      const isActive = change.isDisabled === undefined ? before.isActive : !change.isDisabled;
      refuseGrant(await grantorOf(this.db, tx, ctx), role);
      if (before.isLastOwner && !isActiveOwner({ role, isActive })) throw new AppError(peopleErrors.lastOwner);
      const now = this.clock.now();
      await tx.query(updateMember, tenantId, id, role, isActive ? null : now, now);
      audit(tx, ctx, 'member.updated', id, changed(before, { ...before, role, isActive }));
      if (tenantId !== PLATFORM_TENANT_ID) publish(tx, { type: 'member.updated', tenantId, data: { memberId: id, role } });
      const [member] = await tx.query(memberById, tenantId, id);
      if (!member) throw notFound();
      return member;
    });
  }

  /** @throws AppError resource.not_found, member.role_not_yours, member.last_owner */
  remove(ctx: Context, id: string): Promise<void> {
    return this.db.tx(ctx, async (tx) => {
      const tenantId = tenantOf(ctx);
      const before = await this.lock(tx, ctx, id);
      if (before.isLastOwner) throw new AppError(peopleErrors.lastOwner);
      await tx.query(deleteMember, tenantId, id);
      audit(tx, ctx, 'member.removed', id, { role: before.role });
      if (tenantId !== PLATFORM_TENANT_ID) publish(tx, { type: 'member.removed', tenantId, data: { memberId: id, role: before.role } });
    });
  }

  // the grantor is looked up under the lock: one who was demoted meanwhile has lost the say
  private async lock(tx: Tx, ctx: Context, id: string): Promise<Standing & { readonly isLastOwner: boolean }> {
    const locked = await tx.query(lockOwnersAnd, tenantOf(ctx), id);
    const member = locked.find((row) => row.id === id);
    if (!member) throw notFound();
    expectRevision(ctx, member.revision);
    refuseGrant(await grantorOf(this.db, tx, ctx), member.role);
    return { ...member, isLastOwner: isActiveOwner(member) && locked.filter(isActiveOwner).length === 1 };
  }
}
