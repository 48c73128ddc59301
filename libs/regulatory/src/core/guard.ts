import type { ErrorDefinition } from '@trunkline/kernel';
import { isOver } from './bundle.ts';
import type { Bundle } from './bundle.ts';
import { regulatoryErrors } from './errors.ts';
import { evaluate } from './evaluate.ts';
import { END_USERS, REGULATED_TYPES, ruleAt } from './rule.ts';
import type { EndUser, RegulatoryRule } from './rule.ts';

/** The number that somebody wants. */
export type RegulatedNumber = { readonly country: string; readonly type: string; readonly areaCode: string };
export type Refusal = { readonly error: ErrorDefinition; readonly detail: string };

/** Why a tenant may not have a number with the bundle that it names; null when it may. Rules that ask for nothing take no bundle. */
export const refusalOf = (
  rules: readonly RegulatoryRule[],
  number: RegulatedNumber,
  bundle: Bundle | undefined,
  documents: ReadonlySet<string>,
  now: Date,
): Refusal | null => {
  const numberType = REGULATED_TYPES.find((type) => type === number.type);
  const ruleFor = (endUser: EndUser) => numberType && ruleAt(rules, { country: number.country, numberType, endUser }, now);
  if (!END_USERS.some((endUser) => ruleFor(endUser)?.requirements.length)) return null;
  if (!bundle) return { error: regulatoryErrors.bundleMissing, detail: `A ${number.type} number of ${number.country} takes one` };
  if (bundle.country !== number.country || bundle.numberType !== number.type)
    return { error: regulatoryErrors.bundleUnfit, detail: `It is for ${bundle.numberType} numbers of ${bundle.country}` };
  if (bundle.state !== 'approved' || isOver(bundle, now))
    return { error: regulatoryErrors.bundleUnapproved, detail: `It is ${bundle.state === 'approved' ? 'expired' : bundle.state}` };
  const { findings } = evaluate(ruleFor(bundle.endUser), bundle.items, {
    today: now.toISOString().slice(0, 10),
    documents,
    areaCode: number.areaCode,
  });
  const faults = findings.filter(({ fault }) => fault !== null && fault !== 'too_old'); // age counts when it is submitted
  if (faults.length === 0) return null;
  return { error: regulatoryErrors.itemsMissing, detail: faults.map(({ code, fault }) => `${code}: ${fault}`).join(', ') };
};
