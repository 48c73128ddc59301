import { Injectable } from '@nestjs/common';
import { Clock, systemContext, toPublicId } from '@trunkline/kernel';
import { Database, sql } from '@trunkline/platform';
import { endpointDisabledMail } from '../core/mails.ts';
import { TENANT_ROLES, scopesOfRole } from '../core/roles.ts';
import { PostMail } from './post-mail.ts';

const ctx = systemContext('tell of a disabled endpoint');
const MAIL_LIVES_MS = 3 * 86_400_000;
/** Whoever can enable it again. */
const TOLD = TENANT_ROLES.filter((role) => scopesOfRole(role, ['webhooks:write']).length > 0);
const recipients = sql<{ email: string }>(
  'endpoint-told',
  `SELECT p.email FROM member m JOIN person p ON p.id = m.person_id WHERE m.tenant_id = $1 AND m.disabled_at IS NULL AND m.role = ANY ($2) ORDER BY p.email`,
);

/** Mails a tenant's people that one of their endpoints hears nothing more. Its event may have no other endpoint to go to. */
@Injectable()
export class TellOfEndpoint {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly mail: PostMail,
  ) {}

  async execute(
    tenantId: string,
    { webhookEndpointId, reason }: { readonly webhookEndpointId: string; readonly reason: string },
  ): Promise<void> {
    if (reason === 'requested') return; // by somebody who knows
    const text = endpointDisabledMail(toPublicId('webhookEndpoint', webhookEndpointId), reason);
    await this.db.tx(ctx, async (tx) => {
      const expiresAt = new Date(this.clock.now().getTime() + MAIL_LIVES_MS);
      for (const { email } of await tx.query(recipients, tenantId, TOLD)) await this.mail.execute(tx, email, text, expiresAt);
    });
  }
}
