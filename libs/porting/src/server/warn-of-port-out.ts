import { Injectable } from '@nestjs/common';
import { Clock, systemContext } from '@trunkline/kernel';
import { TENANT_ROLES, scopesOfRole } from '@trunkline/people';
import { PostMail } from '@trunkline/people/server';
import { Database, sql } from '@trunkline/platform';
import { portOutMail } from '../core/port-out-mail.ts';
import type { ToldPortOut } from '../core/port-out-mail.ts';

const ctx = systemContext('warn of port-out');
const MAIL_LIVES_MS = 3 * 86_400_000;
/** Whoever can do something about it. */
const WARNED = TENANT_ROLES.filter((role) => scopesOfRole(role, ['porting:write'] as const).length > 0);
const recipients = sql<{ email: string }>(
  'port-out-warned',
  `SELECT p.email FROM member m JOIN person p ON p.id = m.person_id WHERE m.tenant_id = $1 AND m.disabled_at IS NULL AND m.role = ANY ($2) ORDER BY p.email`,
);

/** Mails a tenant's people that a number is asked for, or that it leaves. */
@Injectable()
export class WarnOfPortOut {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly mail: PostMail,
  ) {}

  async execute(tenantId: string, told: ToldPortOut): Promise<void> {
    const text = portOutMail(told);
    if (!text) return;
    await this.db.tx(ctx, async (tx) => {
      const expiresAt = new Date(this.clock.now().getTime() + MAIL_LIVES_MS);
      for (const { email } of await tx.query(recipients, tenantId, WARNED)) await this.mail.execute(tx, email, text, expiresAt);
    });
  }
}
