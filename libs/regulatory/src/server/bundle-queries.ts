import { Injectable } from '@nestjs/common';
import { Clock, notFound, pageOf, positionOf } from '@trunkline/kernel';
import type { Page, PageQuery, SystemContext, TenantContext } from '@trunkline/kernel';
import { Database, PLATFORM_TENANT_ID, audit } from '@trunkline/platform';
import type { BundleState } from '../core/bundle.ts';
import { evaluate } from '../core/evaluate.ts';
import type { Evaluation } from '../core/evaluate.ts';
import { ruleAt } from '../core/rule.ts';
import type { RegulatoryRule } from '../core/rule.ts';
import { RULES } from '../core/rules.ts';
import { findBundle, guardedCountries, listAllBundles, listBundles, setGuardedCountries } from './bundles.sql.ts';
import type { TenantsBundle } from './bundles.sql.ts';
import { documentsOf } from './demand-papers.ts';

@Injectable()
export class BundleQueries {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  list(
    ctx: TenantContext,
    { limit, cursor, state }: PageQuery & { readonly state?: BundleState | undefined },
  ): Promise<Page<TenantsBundle>> {
    return this.db.read(ctx, async (tx) => pageOf(await listBundles(tx, ctx.tenantId, positionOf(cursor), limit + 1, state), limit));
  }

  /** All tenants' of one state, for the operator. */
  all(ctx: SystemContext, { limit, cursor, state }: PageQuery & { readonly state: BundleState }): Promise<Page<TenantsBundle>> {
    return this.db.read(ctx, async (tx) => pageOf(await listAllBundles(tx, positionOf(cursor), limit + 1, state), limit));
  }

  /** @throws AppError resource.not_found */
  byId(ctx: TenantContext, id: string): Promise<TenantsBundle> {
    return this.db.read(ctx, async (tx) => {
      const bundle = await findBundle(tx, ctx.tenantId, id);
      if (!bundle) throw notFound();
      return bundle;
    });
  }

  /** What a bundle lacks of what is asked for today; also of a number of an area, when one is named. @throws AppError resource.not_found */
  evaluation(
    ctx: TenantContext,
    id: string,
    areaCode: string | undefined,
  ): Promise<Evaluation & { readonly rule: RegulatoryRule | undefined }> {
    return this.db.read(ctx, async (tx) => {
      const bundle = await findBundle(tx, ctx.tenantId, id);
      if (!bundle) throw notFound();
      const now = this.clock.now();
      const rule = ruleAt(RULES, bundle, now);
      const documents = await documentsOf(tx, ctx.tenantId, bundle.items);
      return { rule, ...evaluate(rule, bundle.items, { today: now.toISOString().slice(0, 10), documents, areaCode }) };
    });
  }

  /** The rules that hold now, or all there ever were. */
  rules({
    country,
    versions,
  }: {
    readonly country?: string | undefined;
    readonly versions?: 'all' | 'current';
  }): readonly RegulatoryRule[] {
    const now = this.clock.now();
    return RULES.filter(
      (rule) => (country === undefined || rule.country === country) && (versions === 'all' || ruleAt(RULES, rule, now) === rule),
    );
  }

  /** Of which countries numbers are ordered with a bundle alone. */
  policy(ctx: SystemContext): Promise<readonly string[]> {
    return this.db.read(ctx, guardedCountries);
  }

  /** Orders that were made stay as they are. */
  replacePolicy(ctx: SystemContext, countries: readonly string[]): Promise<readonly string[]> {
    return this.db.tx(ctx, async (tx) => {
      await setGuardedCountries(tx, countries);
      audit(tx, ctx, 'regulatory_policy.replaced', PLATFORM_TENANT_ID, { countries });
      return countries;
    });
  }
}
