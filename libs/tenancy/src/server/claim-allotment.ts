import { AppError } from '@trunkline/kernel';
import type { Context, TenantContext } from '@trunkline/kernel';
import { sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { tellShortage } from '../core/allotment.ts';
import type { Resource, Shortage } from '../core/allotment.ts';
import { tenancyErrors } from '../core/errors.ts';
import { kycRequired } from '../core/kyc-limits.ts';

const claim = sql('allotment-claim', `SELECT claim_own_allotment($1, $2, $3)`);
const POINTERS: { readonly [R in Resource]: string } = { channels: '/channels_max', numbers: '/number', tenants: '/parent_id' };

/**
 * Counts what a tenant orders, or gives back when it is less than nothing, for it and for all above it. Comes before whatever else an order waits for,
 * but after the tenant's own trunk or number: from then to the end of the transaction nobody else of the tree's branch orders.
 * @throws AppError tenant.allotment_used_up, kyc.required
 */
export const claimAllotment = async (
  tx: Tx,
  ctx: TenantContext,
  { channels = 0, numbers = 0 }: { readonly channels?: number; readonly numbers?: number },
  now: Date,
): Promise<void> => {
  if (channels === 0 && numbers === 0) return;
  await tx.query(claim, channels, numbers, now).catch((error: unknown) => {
    beyondVerification(error);
    allotmentUsedUp(error, ctx);
  });
};

const beyondVerification = (error: unknown): void => {
  const { code, detail } = error as { code?: string; detail?: string };
  if (code !== 'TL002' || detail === undefined) return;
  const { resource, max } = JSON.parse(detail) as { resource: Resource; max: number };
  throw kycRequired([{ pointer: POINTERS[resource], code: 'kyc', detail: `Until the tenant is verified: at most ${max} ${resource}` }]);
};

/** Turns the database's refusal into ours; throws anything else as it is. */
export const allotmentUsedUp = (error: unknown, ctx: Context): never => {
  const { code, detail } = error as { code?: string; detail?: string };
  if (code !== 'TL001' || detail === undefined) throw error;
  const shortage = JSON.parse(detail) as Shortage;
  const told = tellShortage(shortage, ctx.kind === 'system' ? undefined : ctx.tenantId);
  throw new AppError(tenancyErrors.allotmentUsedUp, told.detail, { errors: [{ pointer: POINTERS[shortage.resource], ...told }] });
};
