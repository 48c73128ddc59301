import { Injectable } from '@nestjs/common';
import { Clock } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, audit, changed, publish, sql } from '@trunkline/platform';
import type { CallSettings } from '../core/retention.ts';

const COLUMNS = `masked_after_days AS "maskedAfterDays", retention_days AS "retentionDays"`;
const read = sql<CallSettings>('call-settings-read', `SELECT ${COLUMNS} FROM call_settings WHERE tenant_id = $1`);
const lock = sql<CallSettings>('call-settings-lock', `${read.text} FOR UPDATE`);
// what is not named stays as it is by then: of two who make the first settings, the second finds no row to lock, and then the first one's
const write = sql<CallSettings>(
  'call-settings-write',
  `INSERT INTO call_settings AS s (tenant_id, masked_after_days, retention_days, updated_at) VALUES ($1, $2, $3, $4)
   ON CONFLICT (tenant_id) DO UPDATE SET masked_after_days = CASE WHEN $5 THEN $2 ELSE s.masked_after_days END,
     retention_days = CASE WHEN $6 THEN $3 ELSE s.retention_days END, updated_at = $4 RETURNING ${COLUMNS}`,
);
const NONE: CallSettings = { maskedAfterDays: null, retentionDays: null };

/** How long a tenant's calls are kept. What is left out of a change stays. */
@Injectable()
export class ChangeCallSettings {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  read(ctx: TenantContext): Promise<CallSettings> {
    return this.db.read(ctx, async (tx) => (await tx.query(read, ctx.tenantId))[0] ?? NONE);
  }

  execute(ctx: TenantContext, change: { readonly [K in keyof CallSettings]?: CallSettings[K] | undefined }): Promise<CallSettings> {
    return this.db.tx(ctx, async (tx) => {
      const before = (await tx.query(lock, ctx.tenantId))[0] ?? NONE;
      const { maskedAfterDays: masked, retentionDays: kept } = change;
      const given = [masked ?? null, kept ?? null, this.clock.now(), masked !== undefined, kept !== undefined];
      const [settings] = await tx.query(write, ctx.tenantId, ...given);
      if (!settings) throw new Error('settings were not stored');
      audit(tx, ctx, 'call_settings.changed', ctx.tenantId, changed(before, settings));
      publish(tx, { type: 'call_settings.changed', tenantId: ctx.tenantId, data: settings });
      return settings;
    });
  }
}
