import { Injectable } from '@nestjs/common';
import { Clock, systemContext } from '@trunkline/kernel';
import { PostMail } from '@trunkline/people/server';
import { Database, sql } from '@trunkline/platform';
import type { CivicAddress } from '../core/emergency-address.ts';
import { emergencyMail } from '../core/emergency-mail.ts';

const context = systemContext('tell of emergency call');
/** As the event tells it. */
type PlacedCall = {
  readonly callerId: string | null;
  readonly destination: string;
  readonly trunkId: string | null;
  readonly startedAt: string;
};

const MAIL_LIVES_MS = 86_400_000;
const contacts = sql<{ email: string }>('emergency-contacts', `SELECT email FROM emergency_contact WHERE tenant_id = $1 ORDER BY email`);
const trunkName = sql<{ name: string }>('emergency-trunk-name', `SELECT name FROM trunk WHERE tenant_id = $1 AND id = $2`);
const placeOfNumber = sql<CivicAddress>(
  'emergency-place',
  `SELECT a.name, a.house_number AS "houseNumber", a.street, a.location, a.city, a.region, a.postal_code AS "postalCode", a.country
   FROM number_assignment n JOIN emergency_registration r ON r.tenant_id = n.tenant_id AND r.number_id = n.id
     JOIN emergency_address a ON a.tenant_id = r.tenant_id AND a.id = r.address_id
   WHERE n.tenant_id = $1 AND n.e164 = $2 AND n.released_at IS NULL AND r.state IN ('active', 'updating')`,
);

/** Tells a tenant's contacts that somebody calls for help, while the call is up. */
@Injectable()
export class NotifyContacts {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly mail: PostMail,
  ) {}

  async execute(tenantId: string, call: PlacedCall): Promise<void> {
    await this.db.tx(context, async (tx) => {
      const recipients = await tx.query(contacts, tenantId);
      if (recipients.length === 0) return;
      const [trunk] = call.trunkId === null ? [] : await tx.query(trunkName, tenantId, call.trunkId);
      const [address] = call.callerId === null ? [] : await tx.query(placeOfNumber, tenantId, call.callerId);
      const text = emergencyMail({ ...call, trunkName: trunk?.name ?? 'unknown' }, address);
      const expiresAt = new Date(this.clock.now().getTime() + MAIL_LIVES_MS);
      for (const { email } of recipients) await this.mail.execute(tx, email, text, expiresAt);
    });
  }
}
