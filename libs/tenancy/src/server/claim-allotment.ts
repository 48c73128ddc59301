import { AppError } from '@trunkline/kernel';
import type { AboveContext, Context, TenantContext } from '@trunkline/kernel';
import { sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { tellShortage } from '../core/allotment.ts';
import type { Resource, Shortage } from '../core/allotment.ts';
import { tenancyErrors } from '../core/errors.ts';
import { demandWithin, kycRequired } from '../core/kyc-limits.ts';
import type { TrunkLimits, TrunkReach } from '../core/kyc-limits.ts';

const claim = sql<TrunkLimits>('allotment-claim', `SELECT "callsPerSecondMax", countries FROM claim_own_allotment($1, $2, $3)`);
const POINTERS: { readonly [R in Resource]: string } = { channels: '/channels_max', numbers: '/number', tenants: '/parent_id' };

/** What is ordered, or given back when it is less than nothing; and how fast and far a trunk is to call. `pointer`: the field that asks for channels, where it is not `channels_max`. */
export type Claim = { readonly channels?: number; readonly numbers?: number; readonly reach?: TrunkReach; readonly pointer?: string };

/**
 * Counts what a tenant orders for it and for all above it, and holds it against what it may have before it is verified. Comes before whatever else an
 * order waits for, but after the tenant's own trunk or number: from then to the end of the transaction nobody else in the tree orders.
 * @throws AppError tenant.allotment_used_up, kyc.required
 */
export const claimAllotment = async (
  tx: Tx,
  ctx: TenantContext,
  { channels = 0, numbers = 0, reach, pointer }: Claim,
  now: Date,
): Promise<void> => {
  if (channels === 0 && numbers === 0 && !reach) return;
  const [limits] = await tx.query(claim, channels, numbers, now).catch((error: unknown) => {
    beyondVerification(error, pointer);
    return allotmentUsedUp(error, ctx, pointer);
  });
  if (limits && reach) demandWithin(limits, reach);
};

const transfer = sql('allotment-transfer', `SELECT claim_number_transfer($1, $2, $3)`);

/** Counts a number that goes from one tenant to another, for both and all above them. @throws AppError tenant.allotment_used_up, kyc.required */
export const claimTransfer = async (tx: Tx, ctx: AboveContext, fromTenantId: string, toTenantId: string, now: Date): Promise<void> => {
  await tx.query(transfer, fromTenantId, toTenantId, now).catch((error: unknown) => {
    beyondVerification(error);
    return allotmentUsedUp(error, ctx);
  });
};

const beyondVerification = (error: unknown, pointer?: string): void => {
  const { code, detail } = error as { code?: string; detail?: string };
  if (code !== 'TL002' || detail === undefined) return;
  const { resource, max } = JSON.parse(detail) as { resource: Resource; max: number };
  throw kycRequired([
    { pointer: pointer ?? POINTERS[resource], code: 'kyc', detail: `Until the tenant is verified: at most ${max} ${resource}` },
  ]);
};

/** Turns the database's refusal into ours; throws anything else as it is. */
export const allotmentUsedUp = (error: unknown, ctx: Context, pointer?: string): never => {
  const { code, detail } = error as { code?: string; detail?: string };
  if (code !== 'TL001' || detail === undefined) throw error;
  const shortage = JSON.parse(detail) as Shortage;
  const told = tellShortage(shortage, ctx.kind === 'system' ? undefined : ctx.tenantId);
  throw new AppError(tenancyErrors.allotmentUsedUp, told.detail, {
    errors: [{ pointer: pointer ?? POINTERS[shortage.resource], ...told }],
  });
};
