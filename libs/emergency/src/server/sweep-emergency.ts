import { Injectable } from '@nestjs/common';
import { Clock } from '@trunkline/kernel';
import { Database, Log, sql, sweepEach } from '@trunkline/platform';
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
    readonly db: Database,
    private readonly clock: Clock,
    readonly log: Log,
    private readonly validate: ValidateAddress,
    private readonly tell: TellProvider,
  ) {}

  async execute(): Promise<void> {
    const old = new Date(this.clock.now().getTime() - PATIENCE_MS);
    await sweepEach(this, 'sweep emergency', unvalidated, old, ({ tenantId, id }) => this.validate.execute(tenantId, id));
    await sweepEach(this, 'sweep emergency', unsettled, old, ({ tenantId, id }) => this.tell.execute(tenantId, id));
  }
}
