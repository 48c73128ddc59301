import { Injectable } from '@nestjs/common';
import { AppError } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Database, PLATFORM_TENANT_ID, audit, sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { tenancyErrors } from '../core/errors.ts';
import type { KycLimits, PortsOfStrangers } from '../core/kyc-limits.ts';

export type KycPolicy = KycLimits & { readonly approvedForMonths: number; readonly ports: PortsOfStrangers };

const COLUMNS = `approved_for_months AS "approvedForMonths", channels_max AS "channelsMax", numbers_max AS "numbersMax", calls_per_second_max AS "callsPerSecondMax", countries, ports`;
const read = sql<KycPolicy>('kyc-policy', `SELECT ${COLUMNS} FROM kyc_policy`);
const write = sql(
  'kyc-policy-write',
  `UPDATE kyc_policy SET approved_for_months = $1, channels_max = $2, numbers_max = $3, calls_per_second_max = $4, countries = $5, ports = $6`,
);
const verified = sql<{ id: string }>('tenant-verified', `SELECT id FROM tenant_node WHERE id = $1 AND verified_until > $2`);
const ofStrangers = sql<{ ports: PortsOfStrangers }>('kyc-policy-ports', `SELECT ports FROM kyc_policy`);

/** Whether the operator has approved who the tenant says it is, and that still holds. For whoever must not serve strangers: porting, attestation. */
export const isVerified = async (tx: Tx, tenantId: string, at: Date): Promise<boolean> =>
  (await tx.query(verified, tenantId, at)).length > 0;

/** Whether a port of the tenant may go as it is; if not, the operator looks at it first. @throws AppError kyc.required where the policy refuses it */
export const isKnownToPort = async (tx: Tx, tenantId: string, at: Date): Promise<boolean> => {
  if (await isVerified(tx, tenantId, at)) return true;
  const [policy] = await tx.query(ofStrangers);
  if (policy?.ports !== 'refused') return false;
  throw new AppError(tenancyErrors.kycRequired, 'Numbers are ported in for verified tenants alone: submit the file of /v1/kyc-file first');
};

/** What the operator asks of tenants: nothing, until it says so. */
@Injectable()
export class KycPolicies {
  constructor(private readonly db: Database) {}

  read(ctx: SystemContext): Promise<KycPolicy> {
    return this.db.read(ctx, async (tx) => {
      const [policy] = await tx.query(read);
      if (!policy) throw new Error('there is no KYC policy');
      return policy;
    });
  }

  /** What tenants have already stays. */
  replace(ctx: SystemContext, policy: KycPolicy): Promise<KycPolicy> {
    return this.db.tx(ctx, async (tx) => {
      await tx.query(
        write,
        policy.approvedForMonths,
        policy.channelsMax,
        policy.numbersMax,
        policy.callsPerSecondMax,
        policy.countries,
        policy.ports,
      );
      audit(tx, ctx, 'kyc_policy.replaced', PLATFORM_TENANT_ID, policy);
      return policy;
    });
  }
}
