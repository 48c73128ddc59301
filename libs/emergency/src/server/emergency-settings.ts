import { Injectable } from '@nestjs/common';
import { Clock } from '@trunkline/kernel';
import type { SystemContext, TenantContext } from '@trunkline/kernel';
import { Database, PLATFORM_TENANT_ID, audit, publish, sql } from '@trunkline/platform';

const contacts = sql<{ email: string }>(
  'emergency-contact-list',
  `SELECT email FROM emergency_contact WHERE tenant_id = $1 ORDER BY email`,
);
const dropContacts = sql('emergency-contacts-drop', `DELETE FROM emergency_contact WHERE tenant_id = $1 AND email <> ALL ($2::text[])`);
const addContacts = sql(
  'emergency-contacts-add',
  `INSERT INTO emergency_contact (tenant_id, email, created_at) SELECT $1, email, $3 FROM unnest($2::text[]) email ON CONFLICT DO NOTHING`,
);
const policy = sql<{ countries: string[] }>('emergency-policy', `SELECT required_countries AS countries FROM emergency_policy`);
const setPolicy = sql('emergency-policy-set', `UPDATE emergency_policy SET required_countries = $1`);
/** Every number of a country that comes or goes: the edges are to be told anew. */
const markNumbers = sql(
  'emergency-policy-mark',
  `INSERT INTO edge_dirty (resource_type, resource_id, created_at)
   SELECT 'number', n.e164, clock_timestamp() FROM number_assignment n JOIN number_inventory i ON i.e164 = n.e164
   WHERE n.released_at IS NULL AND i.country = ANY ($1::text[])`,
);
const wakeCompiler = sql('emergency-policy-wake', `SELECT pg_notify('edge_dirty', '')`);

/** Who is told when somebody calls for help, and where a number must have an address. */
@Injectable()
export class EmergencySettings {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  contacts(ctx: TenantContext): Promise<readonly string[]> {
    return this.db.read(ctx, async (tx) => (await tx.query(contacts, ctx.tenantId)).map((c) => c.email));
  }

  replaceContacts(ctx: TenantContext, emails: readonly string[]): Promise<readonly string[]> {
    return this.db.tx(ctx, async (tx) => {
      const wanted = [...new Set(emails)].sort();
      await tx.query(dropContacts, ctx.tenantId, wanted);
      await tx.query(addContacts, ctx.tenantId, wanted, this.clock.now());
      audit(tx, ctx, 'emergency_contacts.replaced', ctx.tenantId, { count: wanted.length });
      publish(tx, { type: 'emergency_contacts.changed', tenantId: ctx.tenantId, data: { count: wanted.length } });
      return wanted;
    });
  }

  requiredCountries(ctx: SystemContext): Promise<readonly string[]> {
    return this.db.read(ctx, async (tx) => (await tx.query(policy))[0]?.countries ?? []);
  }

  /** Calls of numbers without an address are refused from now on, or let through again; calls that are up go on. */
  replacePolicy(ctx: SystemContext, countries: readonly string[]): Promise<readonly string[]> {
    return this.db.tx(ctx, async (tx) => {
      const before = (await tx.query(policy))[0]?.countries ?? [];
      const wanted = [...new Set(countries)].sort();
      await tx.query(setPolicy, wanted);
      const moved = [...wanted.filter((c) => !before.includes(c)), ...before.filter((c) => !wanted.includes(c))];
      await tx.query(markNumbers, moved);
      await tx.query(wakeCompiler);
      audit(tx, ctx, 'emergency_policy.replaced', PLATFORM_TENANT_ID, { from: before, to: wanted });
      return wanted;
    });
  }
}
