import { Injectable } from '@nestjs/common';
import { AppError, Clock, newId } from '@trunkline/kernel';
import type { FieldError, SystemContext } from '@trunkline/kernel';
import { Database, audit, isUniqueViolation, sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { ratingErrors } from '../core/errors.ts';
import { checkPlan } from '../core/plan.ts';
import type { Plan } from '../core/plan.ts';

export type StoredPlan = Plan & { readonly id: string; readonly name: string; readonly createdAt: Date };

const deckCurrency = sql<{ currency: string }>('plan-deck-currency', `SELECT currency FROM deck WHERE id = $1`);
const insert = sql(
  'plan-insert',
  `INSERT INTO plan (id, name, currency, channel_monthly_nanos, channel_setup_nanos, number_monthly_nanos, number_setup_nanos, outbound_deck_id, inbound_deck_id, created_at)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
);

/** Makes a plan. It never changes: another price is another plan, assigned from a date on. */
@Injectable()
export class CreatePlan {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError rating.plan_invalid, rating.plan_name_taken */
  execute(ctx: SystemContext, input: Plan & { readonly name: string }): Promise<StoredPlan> {
    return this.db.tx(ctx, async (tx) => {
      checkPlan(input, await deckCurrencies(tx, input));
      const plan: StoredPlan = { ...input, id: newId(), createdAt: this.clock.now() };
      const { channelMonthlyNanos, channelSetupNanos, numberMonthlyNanos, numberSetupNanos } = plan;
      const fees = [channelMonthlyNanos, channelSetupNanos, numberMonthlyNanos, numberSetupNanos];
      await tx
        .query(insert, plan.id, plan.name, plan.currency, ...fees, plan.outboundDeckId, plan.inboundDeckId, plan.createdAt)
        .catch(nameTaken);
      const { name, currency, outboundDeckId, inboundDeckId } = plan;
      audit(tx, ctx, 'plan.created', plan.id, { name, currency, outboundDeckId, inboundDeckId, feesNanos: fees.map(String) });
      return plan;
    });
  }
}

/** The currencies of the decks that a plan names. @throws AppError rating.plan_invalid when one does not exist */
const deckCurrencies = async (tx: Tx, { outboundDeckId, inboundDeckId }: Plan): Promise<{ outbound: string; inbound: string | null }> => {
  const [outbound] = await tx.query(deckCurrency, outboundDeckId);
  const [inbound] = inboundDeckId === null ? [{ currency: null }] : await tx.query(deckCurrency, inboundDeckId);
  if (outbound && inbound) return { outbound: outbound.currency, inbound: inbound.currency };
  const unknown = (pointer: string): FieldError => ({ pointer, code: 'unknown', detail: 'No such deck' });
  const errors = [...(outbound ? [] : [unknown('/outbound_deck_id')]), ...(inbound ? [] : [unknown('/inbound_deck_id')])];
  throw new AppError(ratingErrors.planInvalid, undefined, { errors });
};

const nameTaken = (error: unknown): never => {
  if (!isUniqueViolation(error, 'plan_name_key')) throw error;
  throw new AppError(ratingErrors.planNameTaken, undefined, {
    errors: [{ pointer: '/name', code: 'taken', detail: ratingErrors.planNameTaken.title }],
  });
};
