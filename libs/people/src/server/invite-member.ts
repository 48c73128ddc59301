import { Inject, Injectable } from '@nestjs/common';
import { AppError, Clock, newId, notFound } from '@trunkline/kernel';
import type { Context } from '@trunkline/kernel';
import { Database, PLATFORM_TENANT_ID, audit, publish, sql, takeTurn } from '@trunkline/platform';
import { peopleErrors } from '../core/errors.ts';
import { demandFewInvitations } from '../core/invitation-limits.ts';
import { invitationMail } from '../core/mails.ts';
import { contextOfCaller } from './caller.ts';
import type { Caller } from './caller.ts';
import { grantorOf, refuseGrant } from './grantor.ts';
import { addMember, insertInvitation, invitedLately, memberByEmail, replaceInvitation, revokeInvitation } from './members.sql.ts';
import type { Invitation } from './members.sql.ts';
import { hashPassword } from './password-hash.ts';
import { refuseBadPassword } from './passwords.ts';
import { PEOPLE_CONFIG } from './people-config.ts';
import type { PeopleConfig } from './people-config.ts';
import { enterPerson } from './persons.sql.ts';
import { PostMail } from './post-mail.ts';
import { hashToken, newToken } from './secret-token.ts';
import type { FollowedLink } from './sign-up.ts';
import { tenantOf } from './tenant-of.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;
const tenantName = sql<{ name: string }>('invitation-tenant', `SELECT name FROM tenant WHERE id = $1`);
const find = sql<{ email: string }>(
  'invitation-find',
  `SELECT email FROM invitation WHERE hash = $1 AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at > $2`,
);
const accept = sql<{ tenantId: string; email: string; role: string }>(
  'invitation-accept',
  `UPDATE invitation SET accepted_at = $2 WHERE hash = $1 AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at > $2 RETURNING tenant_id AS "tenantId", email, role`,
);

const before = (now: Date, ms: number): Date => new Date(now.getTime() - ms);

/** Places in a tenant, or among the operator's staff, offered by mail. */
@Injectable()
export class InviteMember {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly post: PostMail,
    @Inject(PEOPLE_CONFIG) private readonly config: PeopleConfig,
  ) {}

  /** A second invitation of one address replaces the first. @throws AppError member.role_not_yours, member.exists, invitation.limit_reached */
  invite(ctx: Context, email: string, role: string): Promise<Invitation> {
    return this.db.tx(ctx, async (tx) => {
      const tenantId = tenantOf(ctx);
      refuseGrant(await grantorOf(this.db, tx, ctx), role);
      if ((await tx.query(memberByEmail, tenantId, email)).length > 0) throw new AppError(peopleErrors.alreadyMember);
      const now = this.clock.now();
      await takeTurn(tx, `invitations:${tenantId}`); // counts, and replaces, what whoever else invites has sent
      const [sent] = await tx.query(invitedLately, tenantId, email, before(now, DAY_MS), before(now, HOUR_MS));
      if (sent) demandFewInvitations(sent);
      const until = new Date(now.getTime() + WEEK_MS);
      const token = newToken();
      await tx.query(replaceInvitation, tenantId, email, now);
      const [made] = await tx.query(insertInvitation, tenantId, newId(), hashToken(token), email, role, until, now);
      if (!made) throw new Error('an invitation was not stored');
      const [tenant] = await tx.query(tenantName, tenantId);
      const where = tenant?.name ?? 'the operator’s staff';
      await this.post.execute(tx, email, invitationMail(this.config.publicUrl, where, role, token), until);
      audit(tx, ctx, 'invitation.created', made.id, { email, role });
      if (tenantId !== PLATFORM_TENANT_ID) publish(tx, { type: 'invitation.created', tenantId, data: { invitationId: made.id, role } });
      return made;
    });
  }

  /** @throws AppError resource.not_found: it is unknown, or was accepted */
  revoke(ctx: Context, id: string): Promise<Invitation> {
    return this.db.tx(ctx, async (tx) => {
      const [revoked] = await tx.query(revokeInvitation, tenantOf(ctx), id, this.clock.now());
      if (!revoked) throw notFound();
      audit(tx, ctx, 'invitation.revoked', id);
      if (tenantOf(ctx) !== PLATFORM_TENANT_ID)
        publish(tx, { type: 'invitation.revoked', tenantId: tenantOf(ctx), data: { invitationId: id } });
      return revoked;
    });
  }

  /** @throws AppError link.invalid, member.exists, request.invalid */
  async accept(link: FollowedLink, caller: Caller): Promise<{ readonly tenantId: string; readonly role: string }> {
    const ctx = contextOfCaller(caller, 'accept invitation');
    const hash = hashToken(link.token);
    const [offered] = await this.db.ask(ctx, find, hash, this.clock.now());
    if (!offered) throw new AppError(peopleErrors.tokenInvalid);
    if (link.password !== undefined) refuseBadPassword(link.password, offered.email);
    const passwordHash = link.password === undefined ? undefined : await hashPassword(link.password);
    return this.db.tx(ctx, async (tx) => {
      const now = this.clock.now();
      const [invitation] = await tx.query(accept, hash, now);
      if (!invitation) throw new AppError(peopleErrors.tokenInvalid);
      const { tenantId, email, role } = invitation;
      const personId = await enterPerson(tx, email, { name: link.name, passwordHash }, now);
      if (!(await addMember(tx, ctx, tenantId, personId, role, now))) throw new AppError(peopleErrors.alreadyMember);
      return { tenantId, role };
    });
  }
}
