/** What a number of a kind takes, before somebody of a kind may have it. Dates are days, `2026-11-26`. */
export type RegulatoryRule = {
  readonly country: string; // ISO 3166-1 alpha-2
  readonly numberType: RegulatedType;
  readonly endUser: EndUser;
  readonly version: number; // counts the rules of one country, type and end user
  readonly effectiveFrom: string;
  readonly requirements: readonly Requirement[];
};

export const REGULATED_TYPES = ['local', 'national', 'mobile', 'toll_free'] as const;
export type RegulatedType = (typeof REGULATED_TYPES)[number];
export const END_USERS = ['individual', 'business'] as const;
export type EndUser = (typeof END_USERS)[number];

/** How near an address has to be to its number. */
export const NEARNESS = ['world', 'country', 'area'] as const;
export type Nearness = (typeof NEARNESS)[number];

/**
 * One thing that is asked for. A `text` may have to match a pattern; an `address` has to be as near as it says; a `document` may have to be
 * no older than so many days.
 */
export type Requirement = { readonly code: string; readonly title: string } & (
  | { readonly kind: 'text'; readonly pattern: string | null }
  | { readonly kind: 'address'; readonly nearness: Nearness }
  | { readonly kind: 'document'; readonly maxAgeDays: number | null }
);

/** The rule that holds at an instant; undefined when nothing is asked for. */
export const ruleAt = (
  rules: readonly RegulatoryRule[],
  { country, numberType, endUser }: Pick<RegulatoryRule, 'country' | 'numberType' | 'endUser'>,
  at: Date,
): RegulatoryRule | undefined => {
  const day = at.toISOString().slice(0, 10);
  return rules
    .filter((r) => r.country === country && r.numberType === numberType && r.endUser === endUser && r.effectiveFrom <= day)
    .reduce<RegulatoryRule | undefined>((latest, rule) => (latest && latest.version > rule.version ? latest : rule), undefined);
};
