import { Injectable } from '@nestjs/common';
import { Clock, systemContext } from '@trunkline/kernel';
import { Database, Log, sql } from '@trunkline/platform';
import type { Sql } from '@trunkline/platform';
import { ValidateAddress } from './emergency-addresses.ts';
import { TellProvider } from './tell-provider.ts';

type OfTenant = { tenantId: string; id: string };

/** What is younger is its job's, which tries for a minute. */
const PATIENCE_MS = 5 * 60_000;
const BATCH = 100;
// in any order: those that fail again and again hold up none
const unvalidated = sql<OfTenant>(
  'emergency-addresses-unvalidated',
  `SELECT tenant_id AS "tenantId", id FROM emergency_address WHERE state = 'validating' AND deleted_at IS NULL AND created_at <= $1 ORDER BY random() LIMIT ${BATCH}`,
);
const unsettled = sql<OfTenant>(
  'emergency-registrations-unsettled',
  `SELECT tenant_id AS "tenantId", number_id AS id FROM emergency_registration WHERE state IN ('provisioning', 'updating', 'deprovisioning') AND updated_at <= $1
   ORDER BY random() LIMIT ${BATCH}`,
);

/** Asks the provider again for what it gave no answer to as long as there was a job: it may be away for hours. */
@Injectable()
export class SweepEmergency {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly validate: ValidateAddress,
    private readonly tell: TellProvider,
  ) {}

  async execute(): Promise<void> {
    const old = new Date(this.clock.now().getTime() - PATIENCE_MS);
    await this.each(unvalidated, old, ({ tenantId, id }) => this.validate.execute(tenantId, id));
    await this.each(unsettled, old, ({ tenantId, id }) => this.tell.execute(tenantId, id));
  }

  private async each(what: Sql<OfTenant>, old: Date, act: (item: OfTenant) => Promise<void>): Promise<void> {
    const items = await this.db.read(systemContext('sweep emergency'), (tx) => tx.query(what, old));
    for (const item of items)
      await act(item).catch((err: unknown) => this.log.error({ ...item, err }, 'the provider of emergency calls is asked again later'));
  }
}
