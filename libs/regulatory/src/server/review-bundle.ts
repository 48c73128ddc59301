import { Injectable } from '@nestjs/common';
import { Clock } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Database, audit, publish } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { dueNotice, isOver, moveBundle } from '../core/bundle.ts';
import type { Bundle } from '../core/bundle.ts';
import { evaluate } from '../core/evaluate.ts';
import { endingBundles, lockAnyBundle, saveBundle } from './bundles.sql.ts';
import type { TenantsBundle } from './bundles.sql.ts';

/** What becomes of a submitted bundle: the operator’s answer, then that time goes by. */
@Injectable()
export class ReviewBundle {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * @param until when the approval ends; null: with the first document that does, or never
   * @throws AppError resource.not_found, regulatory_bundle.wrong_state
   */
  approve(ctx: SystemContext, id: string, until: Date | null): Promise<TenantsBundle> {
    return this.move(ctx, id, (bundle, now) => {
      const { validUntil } = evaluate(undefined, bundle.items, { today: '', documents: new Set() });
      const ends = [until, validUntil === null ? null : new Date(validUntil)].flatMap((end) => (end ? [end.getTime()] : []));
      return moveBundle(bundle, 'approved', now, { validUntil: ends.length > 0 ? new Date(Math.min(...ends)) : null });
    });
  }

  /** @throws AppError resource.not_found, regulatory_bundle.wrong_state */
  reject(ctx: SystemContext, id: string, reason: string): Promise<TenantsBundle> {
    return this.move(ctx, id, (bundle, now) => moveBundle(bundle, 'rejected', now, { reason }));
  }

  /** Ends approvals whose time is over, and tells of those that soon will be: 60, 30 and 7 days before. @returns how many were ended or told of */
  async sweep(ctx: SystemContext): Promise<number> {
    const ending = await this.db.read(ctx, (tx) => endingBundles(tx, this.clock.now()));
    for (const id of ending)
      await this.db.alone(ctx, async (tx) => {
        const [bundle, now] = [await lockAnyBundle(tx, id), this.clock.now()];
        if (isOver(bundle, now)) await write(tx, ctx, bundle, moveBundle(bundle, 'expired', now));
        else await notice(tx, bundle, dueNotice(bundle, now));
      });
    return ending.length;
  }

  private move(ctx: SystemContext, id: string, change: (bundle: Bundle, now: Date) => Bundle): Promise<TenantsBundle> {
    return this.db.tx(ctx, async (tx) => {
      const before = await lockAnyBundle(tx, id);
      return write(tx, ctx, before, change(before, this.clock.now()));
    });
  }
}

const write = async (tx: Tx, ctx: SystemContext, { tenantId, state: from }: TenantsBundle, bundle: Bundle): Promise<TenantsBundle> => {
  const { id, state, reason, validUntil } = bundle;
  await saveBundle(tx, tenantId, bundle);
  audit(tx, ctx, `regulatory_bundle.${state}`, id, { tenantId, from, reason, validUntil });
  publish(tx, { type: `regulatory_bundle.${state}`, tenantId, data: { regulatoryBundleId: id, reason, validUntil } });
  return { ...bundle, tenantId };
};

const notice = async (tx: Tx, bundle: TenantsBundle, days: number | null): Promise<void> => {
  if (days === null) return;
  const { id, tenantId, validUntil } = bundle;
  await saveBundle(tx, tenantId, { ...bundle, noticedDays: days });
  publish(tx, { type: 'regulatory_bundle.expiring', tenantId, data: { regulatoryBundleId: id, validUntil, days } });
};
