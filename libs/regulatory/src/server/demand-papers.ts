import { invalidField } from '@trunkline/kernel';
import type { Tx } from '@trunkline/platform';
import { liveDocuments } from '@trunkline/tenancy/server';
import type { BundleItem } from '../core/evaluate.ts';
import { refusalOf } from '../core/guard.ts';
import type { Refusal, RegulatedNumber } from '../core/guard.ts';
import { RULES } from '../core/rules.ts';
import { findBundle, guardedCountries } from './bundles.sql.ts';

/** The documents of a tenant that a bundle names and that are there. */
export const documentsOf = (tx: Tx, tenantId: string, items: readonly BundleItem[]): Promise<ReadonlySet<string>> =>
  liveDocuments(tx, tenantId, items.flatMap((item) => ('document' in item ? [item.document.documentId] : []))); // prettier-ignore

/** Why a tenant may not have a number with the bundle that it names; null when it may, or when the operator does not ask in that country. */
export const missingPapers = async (
  tx: Tx,
  tenantId: string,
  number: RegulatedNumber,
  bundleId: string | null,
  now: Date,
): Promise<Refusal | null> => {
  if (!(await guardedCountries(tx)).includes(number.country)) return null;
  const bundle = bundleId === null ? undefined : await findBundle(tx, tenantId, bundleId);
  return refusalOf(RULES, number, bundle, await documentsOf(tx, tenantId, bundle?.items ?? []), now);
};

/** @throws AppError request.invalid at /regulatory_bundle_id when the tenant has no such bundle */
export const demandBundle = async (tx: Tx, tenantId: string, id: string): Promise<void> => {
  if (!(await findBundle(tx, tenantId, id))) throw invalidField('/regulatory_bundle_id', 'unknown', 'No such bundle');
};
