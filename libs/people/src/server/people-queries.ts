import { Injectable } from '@nestjs/common';
import { Clock, decodeCursor, notFound, pageOf } from '@trunkline/kernel';
import type { Context, Page, PageQuery } from '@trunkline/kernel';
import { Database, PLATFORM_TENANT_ID, sql } from '@trunkline/platform';
import type { Self } from './confirm-self.ts';
import { listInvitations, listMembers, memberById } from './members.sql.ts';
import type { Invitation, Member } from './members.sql.ts';
import { personById } from './persons.sql.ts';
import { IDLE_MS, listSessions } from './sessions.sql.ts';
import type { Session } from './sessions.sql.ts';
import { tenantOf } from './tenant-of.ts';

export type Membership = { readonly tenantId: string; readonly tenantName: string; readonly role: string };
/** `isCurrent`: it is the one that asks. */
export type ListedSession = Session & { readonly isCurrent: boolean };
export type Account = {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly hasTotp: boolean;
  readonly passkeys: number;
  readonly recoveryCodesLeft: number;
  readonly operatorRole: string | null;
  readonly memberships: readonly Membership[];
  readonly createdAt: Date;
};

const memberships = sql<{ tenantId: string; tenantName: string | null; role: string }>(
  'person-memberships',
  `SELECT m.tenant_id AS "tenantId", t.name AS "tenantName", m.role FROM member m LEFT JOIN tenant t ON t.id = m.tenant_id
   WHERE m.person_id = $1 AND m.disabled_at IS NULL AND ($2::uuid IS NULL OR m.tenant_id = $2) ORDER BY m.created_at, m.id`,
);
const more = sql<{ createdAt: Date; recoveryCodesLeft: number; passkeys: number }>(
  'person-more',
  `SELECT created_at AS "createdAt", (SELECT count(*)::int FROM recovery_code WHERE person_id = $1 AND used_at IS NULL) AS "recoveryCodesLeft",
     (SELECT count(*)::int FROM passkey WHERE person_id = $1) AS passkeys FROM person WHERE id = $1`,
);

@Injectable()
export class PeopleQueries {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  members(ctx: Context, { limit, cursor }: PageQuery): Promise<Page<Member>> {
    return this.db.read(ctx, async (tx) => pageOf(await tx.query(listMembers, tenantOf(ctx), ...position(cursor), limit + 1), limit));
  }

  /** @throws AppError resource.not_found */
  member(ctx: Context, id: string): Promise<Member> {
    return this.db.read(ctx, async (tx) => {
      const [member] = await tx.query(memberById, tenantOf(ctx), id);
      if (!member) throw notFound();
      return member;
    });
  }

  invitations(ctx: Context, { limit, cursor }: PageQuery): Promise<Page<Invitation>> {
    return this.db.read(ctx, async (tx) => pageOf(await tx.query(listInvitations, tenantOf(ctx), ...position(cursor), limit + 1), limit));
  }

  sessions(self: Self, { limit, cursor }: PageQuery): Promise<Page<ListedSession>> {
    const now = this.clock.now();
    const usedSince = new Date(now.getTime() - IDLE_MS);
    return this.db.read(self.ctx, async (tx) => {
      const rows = await tx.query(listSessions, self.personId, now, usedSince, self.boundTenantId, ...position(cursor), limit + 1);
      return pageOf(
        rows.map((session) => ({ ...session, isCurrent: session.id === self.sessionId })),
        limit,
      );
    });
  }

  /** A session that a tenant's identity provider opened hears of that tenant alone. */
  account(self: Self): Promise<Account> {
    return this.db.read(self.ctx, async (tx) => {
      const [[person], [rest], places] = await Promise.all([
        tx.query(personById, self.personId),
        tx.query(more, self.personId),
        tx.query(memberships, self.personId, self.boundTenantId),
      ]);
      if (!person || !rest) throw new Error('a session of nobody');
      const tenants = places.flatMap(({ tenantName, ...place }) => (tenantName === null ? [] : [{ ...place, tenantName }]));
      const operatorRole = places.find(({ tenantId }) => tenantId === PLATFORM_TENANT_ID)?.role ?? null;
      return { ...person, ...rest, hasTotp: person.totpEnabledAt !== null, operatorRole, memberships: tenants };
    });
  }
}

const position = (cursor: string | undefined): [Date | null, string | null] => {
  const after = cursor === undefined ? undefined : decodeCursor(cursor);
  return [after?.createdAt ?? null, after?.id ?? null];
};
