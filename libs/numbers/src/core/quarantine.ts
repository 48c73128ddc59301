import type { E164 } from '@trunkline/kernel';
import { getCountryCallingCode, isSupportedCountry } from 'libphonenumber-js/max';

const DAY_MS = 86_400_000;

/** The European Economic Area, in all of which the European Union's directive is law. */
const EEA = new Set('AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK'.split(' '));

/** Where the operator says nothing, in days: in North America the floor; elsewhere what covers every floor. */
export const QUARANTINE_DAYS = { northAmerica: 45, elsewhere: 35 } as const;

/** How long a number may be kept from others at most (47 CFR 52.15(f)(1)(ii): a business's). */
export const QUARANTINE_DAYS_MAX = 365;

/** For how many days a tenant may take back what it released, unless the quarantine ends sooner. */
export const RESTORE_DAYS = 30;

/** A number whose rest is asked for. */
export type Resting = { readonly e164: E164; readonly country: string; readonly type: string };

/** The operator's word about how long numbers of a country rest: those of one type, or all (null). */
export type QuarantineRule = { readonly country: string; readonly type: string | null; readonly days: number };

/**
 * How short a rest may never be, in days, whatever the operator says.
 * North America: 45 days after a permanent disconnect (47 CFR 52.15(f)(1)(ii)), the same for its toll-free numbers (47 CFR 52.103). The right to
 * take a number along outlives its contract by 31 days in the United Kingdom (General Condition C7.6) and a month in the European Union
 * (Directive (EU) 2018/1972, Article 106(3)).
 */
export const quarantineFloorDays = (e164: string, country: string): number => {
  if (e164.startsWith('+1')) return 45;
  return e164.startsWith('+44') || EEA.has(country) ? 31 : 0;
};

/** What a rule for a country may not go below. */
export const ruleFloorDays = (country: string): number =>
  quarantineFloorDays(isSupportedCountry(country) ? `+${getCountryCallingCode(country)}` : '', country);

const ruleOf = ({ country, type }: Resting, rules: readonly QuarantineRule[]): QuarantineRule | undefined => {
  const ofCountry = rules.filter((rule) => rule.country === country);
  return ofCountry.find((rule) => rule.type === type) ?? ofCountry.find((rule) => rule.type === null);
};

/** Whole days that a number rests: by the rule nearest to it, else as usual, and never below the floor. */
export const quarantineDays = (number: Resting, rules: readonly QuarantineRule[]): number => {
  const usual = number.e164.startsWith('+1') ? QUARANTINE_DAYS.northAmerica : QUARANTINE_DAYS.elsewhere;
  return Math.max(ruleOf(number, rules)?.days ?? usual, quarantineFloorDays(number.e164, number.country));
};

/** When a number released at `releasedAt` becomes available again. */
export const quarantineEnd = (number: Resting, releasedAt: Date, rules: readonly QuarantineRule[]): Date =>
  new Date(releasedAt.getTime() + quarantineDays(number, rules) * DAY_MS);

/** Until when whoever released it may have it back. */
export const restoreEnd = (releasedAt: Date, quarantinedUntil: Date): Date =>
  new Date(Math.min(releasedAt.getTime() + RESTORE_DAYS * DAY_MS, quarantinedUntil.getTime()));
