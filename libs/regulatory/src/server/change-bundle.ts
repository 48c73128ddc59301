import { Injectable } from '@nestjs/common';
import { AppError, Clock, invalidField, newId } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, audit, changed, expectRevision, publish } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { changeBundle, moveBundle, newBundle } from '../core/bundle.ts';
import type { Bundle, BundleChange, NewBundle } from '../core/bundle.ts';
import { regulatoryErrors } from '../core/errors.ts';
import { evaluate } from '../core/evaluate.ts';
import { ruleAt } from '../core/rule.ts';
import { RULES } from '../core/rules.ts';
import { insertBundle, lockBundle, saveBundle } from './bundles.sql.ts';
import { documentsOf } from './demand-papers.ts';

/** What a tenant does with its bundles, until it has handed them over. */
@Injectable()
export class ChangeBundle {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  create(ctx: TenantContext, input: NewBundle): Promise<Bundle> {
    return this.db.tx(ctx, async (tx) => {
      const bundle = newBundle(newId(), input, this.clock.now());
      await insertBundle(tx, ctx.tenantId, bundle);
      audit(tx, ctx, 'regulatory_bundle.created', bundle.id, input);
      publish(tx, { type: 'regulatory_bundle.created', tenantId: ctx.tenantId, data: { regulatoryBundleId: bundle.id } });
      return bundle;
    });
  }

  /** What its items say of people stays out of the audit: only their codes are told. @throws AppError resource.not_found, regulatory_bundle.not_editable */
  execute(ctx: TenantContext, id: string, change: BundleChange): Promise<Bundle> {
    return this.db.tx(ctx, async (tx) => {
      const before = await lockBundle(tx, ctx.tenantId, id);
      expectRevision(ctx, before.revision);
      const bundle = changeBundle(before, change, this.clock.now());
      await this.demandDocuments(tx, ctx, change);
      await saveBundle(tx, ctx.tenantId, bundle);
      const codes = (change.items ?? []).map(({ code }) => code);
      audit(tx, ctx, 'regulatory_bundle.updated', id, {
        ...changed(before, bundle, ['name', 'state']),
        items: codes,
        without: change.without ?? [],
      });
      publish(tx, { type: 'regulatory_bundle.updated', tenantId: ctx.tenantId, data: { regulatoryBundleId: id } });
      return bundle;
    });
  }

  private async demandDocuments(tx: Tx, ctx: TenantContext, { items = [] }: BundleChange): Promise<void> {
    const there = await documentsOf(tx, ctx.tenantId, items);
    const i = items.findIndex((item) => 'document' in item && !there.has(item.document.documentId));
    if (i >= 0) throw invalidField(`/items/${i}/document/document_id`, 'unknown', 'No such document');
  }

  /** @throws AppError resource.not_found, regulatory_bundle.wrong_state, regulatory_bundle.incomplete with each fault */
  submit(ctx: TenantContext, id: string): Promise<Bundle> {
    return this.db.tx(ctx, async (tx) => {
      const now = this.clock.now();
      const before = await lockBundle(tx, ctx.tenantId, id);
      expectRevision(ctx, before.revision);
      const bundle = moveBundle(before, 'submitted', now);
      const at = { today: now.toISOString().slice(0, 10), documents: await documentsOf(tx, ctx.tenantId, bundle.items) };
      const { findings } = evaluate(ruleAt(RULES, bundle, now), bundle.items, at);
      const errors = findings.flatMap(({ code, title, fault }) =>
        fault ? [{ pointer: `/items/${code}`, code: fault, detail: title }] : [],
      );
      if (errors.length > 0) throw new AppError(regulatoryErrors.incomplete, undefined, { errors });
      await saveBundle(tx, ctx.tenantId, bundle);
      audit(tx, ctx, 'regulatory_bundle.submitted', id);
      publish(tx, { type: 'regulatory_bundle.submitted', tenantId: ctx.tenantId, data: { regulatoryBundleId: id } });
      return bundle;
    });
  }
}
