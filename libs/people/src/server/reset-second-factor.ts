import { Injectable } from '@nestjs/common';
import { AppError, Clock, notFound } from '@trunkline/kernel';
import type { Context, SystemContext } from '@trunkline/kernel';
import { Database, PLATFORM_TENANT_ID, audit, publish, sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { peopleErrors } from '../core/errors.ts';
import { secondFactorResetMail } from '../core/mails.ts';
import { grantorOf, isOfOperator, refuseGrant } from './grantor.ts';
import { memberById } from './members.sql.ts';
import type { Member } from './members.sql.ts';
import { deletePasskeys } from './passkeys.sql.ts';
import { deleteRecoveryCodes, lockPerson, setTotp } from './persons.sql.ts';
import { PostMail } from './post-mail.ts';
import { revokeSessions } from './sessions.sql.ts';
import { tenantOf } from './tenant-of.ts';

const DAY_MS = 86_400_000;
const tenantName = sql<{ name: string }>('reset-tenant', `SELECT name FROM tenant WHERE id = $1`);
const placesElsewhere = sql<{ id: string }>('reset-elsewhere', `SELECT id FROM member WHERE person_id = $1 AND tenant_id <> $2 LIMIT 1`);

/** Takes away what a member has lost: authenticator app, passkeys, recovery codes. The password stays, and is then all that logging in takes. */
@Injectable()
export class ResetSecondFactor {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly post: PostMail,
  ) {}

  /**
   * Done twice, it is done once.
   * @throws AppError resource.not_found, member.role_not_yours, second_factor.own, second_factor.places_elsewhere
   */
  execute(ctx: Context, id: string): Promise<Member> {
    const tenantId = tenantOf(ctx);
    // a tenant's role of the database can change no person: this one asks for the tenant in every statement
    return this.db.tx(asSystem(ctx), async (tx) => {
      const [found] = await tx.query(memberById, tenantId, id);
      if (!found) throw notFound();
      await tx.query(lockPerson, found.personId); // whom nobody can make a member elsewhere meanwhile
      const [locked] = await tx.query(memberById, tenantId, id);
      if (!locked) throw notFound();
      await this.refuse(tx, ctx, tenantId, locked);
      if (locked.hasSecondFactor) await this.clear(tx, ctx, tenantId, locked);
      return { ...locked, hasSecondFactor: false };
    });
  }

  private async refuse(tx: Tx, ctx: Context, tenantId: string, { personId, role }: Member): Promise<void> {
    if (ctx.actor.type === 'person' && ctx.actor.id === personId) throw new AppError(peopleErrors.ownSecondFactor);
    const grantor = await grantorOf(this.db, tx, ctx);
    refuseGrant(grantor, role);
    if (isOfOperator(grantor)) return;
    if ((await tx.query(placesElsewhere, personId, tenantId)).length > 0) throw new AppError(peopleErrors.placesElsewhere);
  }

  private async clear(tx: Tx, ctx: Context, tenantId: string, { id, personId, email, role }: Member): Promise<void> {
    const now = this.clock.now();
    await tx.query(setTotp, personId, null, null, null, now);
    await tx.query(deletePasskeys, personId);
    await tx.query(deleteRecoveryCodes, personId);
    await tx.query(revokeSessions, personId, null, now);
    const [tenant] = await tx.query(tenantName, tenantId);
    await this.post.execute(tx, email, secondFactorResetMail(tenant?.name ?? 'The operator'), new Date(now.getTime() + DAY_MS));
    audit(tx, ctx, 'member.second_factor_reset', id, { personId });
    if (tenantId !== PLATFORM_TENANT_ID) publish(tx, { type: 'member.second_factor_reset', tenantId, data: { memberId: id, role } });
  }
}

const asSystem = ({ actor, requestId, sourceAddress }: Context): SystemContext => {
  const origin = sourceAddress === undefined ? { requestId } : { requestId, sourceAddress };
  return { kind: 'system', reason: 'reset second factor', actor, ...origin };
};
