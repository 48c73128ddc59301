import { Injectable } from '@nestjs/common';
import { Clock } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, audit, changed, publish, sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import type { CallSettings } from '../core/retention.ts';

const read = sql<CallSettings>(
  'call-settings-read',
  `SELECT masked_after_days AS "maskedAfterDays", retention_days AS "retentionDays" FROM call_settings WHERE tenant_id = $1`,
);
const write = sql(
  'call-settings-write',
  `INSERT INTO call_settings (tenant_id, masked_after_days, retention_days, updated_at) VALUES ($1, $2, $3, $4)
   ON CONFLICT (tenant_id) DO UPDATE SET masked_after_days = excluded.masked_after_days, retention_days = excluded.retention_days, updated_at = excluded.updated_at`,
);
const NONE: CallSettings = { maskedAfterDays: null, retentionDays: null };
const current = async (tx: Tx, tenantId: string): Promise<CallSettings> => (await tx.query(read, tenantId))[0] ?? NONE;

/** How long a tenant's calls are kept. What is left out of a change stays. */
@Injectable()
export class ChangeCallSettings {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  read(ctx: TenantContext): Promise<CallSettings> {
    return this.db.read(ctx, (tx) => current(tx, ctx.tenantId));
  }

  execute(ctx: TenantContext, change: { readonly [K in keyof CallSettings]?: CallSettings[K] | undefined }): Promise<CallSettings> {
    return this.db.tx(ctx, async (tx) => {
      const before = await current(tx, ctx.tenantId);
      const settings: CallSettings = {
        maskedAfterDays: change.maskedAfterDays === undefined ? before.maskedAfterDays : change.maskedAfterDays,
        retentionDays: change.retentionDays === undefined ? before.retentionDays : change.retentionDays,
      };
      await tx.query(write, ctx.tenantId, settings.maskedAfterDays, settings.retentionDays, this.clock.now());
      audit(tx, ctx, 'call_settings.changed', ctx.tenantId, changed(before, settings));
      publish(tx, { type: 'call_settings.changed', tenantId: ctx.tenantId, data: settings });
      return settings;
    });
  }
}
