import { Injectable } from '@nestjs/common';
import { AppError, Clock, invalidField, notFound } from '@trunkline/kernel';
import type { Context, SystemContext, TenantContext } from '@trunkline/kernel';
import { watchBalance } from '@trunkline/ledger/server';
import { Database, audit, changed, publish, sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { billingErrors } from '../core/errors.ts';
import { wholeMinor } from '../core/minor.ts';
import { watchMark } from '../core/prepaid.ts';
import type { AutoTopUp, BillingMode } from '../core/prepaid.ts';
import { lockTenant } from './invoices.sql.ts';
import { ReviewBillingHold } from './review-billing-hold.ts';
import { readStanding } from './standing.sql.ts';

export type BillingSettings = {
  readonly mode: BillingMode;
  readonly auto: AutoTopUp | null;
  readonly currency: string;
  readonly availableNanos: bigint;
};

/** Amounts as they are asked for, in nanos. */
export type AutoTopUpRequest = { readonly below: bigint; readonly amount: bigint; readonly dailyMax: bigint };

/** No top-up by itself. */
const OFF = { belowNanos: null, amountMinor: null, dailyMaxMinor: null };

type Saved = { mode: BillingMode; belowNanos: bigint | null };
const RETURNING = `RETURNING billing_mode AS mode, top_up_below_nanos AS "belowNanos"`;
const saveMode = sql<Saved>(
  'billing-mode-save',
  `INSERT INTO billing_settings (tenant_id, billing_mode, updated_at) VALUES ($1, $2, $3)
   ON CONFLICT (tenant_id) DO UPDATE SET billing_mode = excluded.billing_mode, updated_at = excluded.updated_at ${RETURNING}`,
);
const saveAuto = sql<Saved>(
  'auto-top-up-save',
  `INSERT INTO billing_settings (tenant_id, top_up_below_nanos, top_up_amount_minor, top_up_daily_max_minor, updated_at) VALUES ($1, $2, $3, $4, $5)
   ON CONFLICT (tenant_id) DO UPDATE SET top_up_below_nanos = excluded.top_up_below_nanos, top_up_amount_minor = excluded.top_up_amount_minor,
     top_up_daily_max_minor = excluded.top_up_daily_max_minor, updated_at = excluded.updated_at ${RETURNING}`,
);

/** How a tenant pays: before or after it calls, which the operator decides, and whether it is topped up by itself, which the tenant does. */
@Injectable()
export class ChangeBillingSettings {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly reviewHold: ReviewBillingHold,
  ) {}

  /** @throws AppError resource.not_found */
  read(ctx: Context, tenantId: string): Promise<BillingSettings> {
    return this.db.read(ctx, (tx) => settingsOf(tx, tenantId));
  }

  /**
   * A prepaid tenant with nothing left is held at once.
   * @throws AppError resource.not_found, billing.balance_in_debt
   */
  setMode(ctx: SystemContext, tenantId: string, mode: BillingMode): Promise<BillingSettings> {
    return this.db.tx(ctx, async (tx) => {
      if (!(await lockTenant(tx, tenantId))) throw notFound();
      const standing = await readStanding(tx, tenantId);
      if (!standing) throw notFound();
      // what no invoice will ever ask for would be forgotten
      if (mode === 'postpaid' && standing.mode === 'prepaid' && standing.creditNanos < 0n) throw new AppError(billingErrors.balanceInDebt);
      const [saved] = await tx.query(saveMode, tenantId, mode, this.clock.now());
      await watch(tx, tenantId, standing.currency, saved);
      audit(tx, ctx, 'billing_mode.changed', tenantId, { tenantId, ...changed({ mode: standing.mode }, { mode }) });
      publish(tx, { type: 'billing_mode.changed', tenantId, data: { mode } });
      await this.reviewHold.execute(ctx, tenantId);
      return settingsOf(tx, tenantId);
    });
  }

  /** @throws AppError request.invalid */
  setAutoTopUp(ctx: TenantContext, wanted: AutoTopUpRequest | null): Promise<BillingSettings> {
    const { tenantId } = ctx;
    return this.db.tx(ctx, async (tx) => {
      const { currency, auto: before } = await settingsOf(tx, tenantId);
      const auto = wanted && autoTopUp(wanted, currency);
      const { belowNanos, amountMinor, dailyMaxMinor } = auto ?? OFF;
      const [saved] = await tx.query(saveAuto, tenantId, belowNanos, amountMinor, dailyMaxMinor, this.clock.now());
      await watch(tx, tenantId, currency, saved);
      audit(tx, ctx, 'auto_top_up.changed', tenantId, changed<object>(before ?? OFF, auto ?? OFF));
      publish(tx, { type: 'auto_top_up.changed', tenantId, data: {} });
      return settingsOf(tx, tenantId);
    });
  }
}

const autoTopUp = ({ below, amount, dailyMax }: AutoTopUpRequest, currency: string): AutoTopUp => {
  const amountMinor = wholeMinor(amount, currency, '/auto_top_up/amount');
  const dailyMaxMinor = wholeMinor(dailyMax, currency, '/auto_top_up/daily_max');
  if (dailyMaxMinor < amountMinor) throw invalidField('/auto_top_up/daily_max', 'too_small', 'must be at least one top-up');
  return { belowNanos: below, amountMinor, dailyMaxMinor };
};

/** The mode as it was saved counts: the other use case may run at the same moment. */
const watch = async (tx: Tx, tenantId: string, currency: string, saved: Saved | undefined): Promise<void> => {
  if (saved) await watchBalance(tx, tenantId, currency, watchMark(saved.mode, saved.belowNanos ?? 0n));
};

const settingsOf = async (tx: Tx, tenantId: string): Promise<BillingSettings> => {
  const standing = await readStanding(tx, tenantId);
  if (!standing) throw notFound();
  return standing;
};
