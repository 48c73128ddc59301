/** What is allotted: channels of trunks, numbers, and tenants below. */
export const RESOURCES = ['channels', 'numbers', 'tenants'] as const;
export type Resource = (typeof RESOURCES)[number];

/** What a tenant may hold together with all below it; null: as many as it likes. A tenant with 0 tenants is no reseller. */
export type Allotment = { readonly [R in Resource]: number | null };
/** What they hold. */
export type Usage = { readonly [R in Resource]: number };

/** What stood in the way of an order: the nearest tenant whose allotment is used up, with all above it. */
export type Shortage = { readonly resource: Resource; readonly path: readonly string[]; readonly allotted: number; readonly used: number };

export type ToldShortage = { readonly code: 'allotment_own' | 'allotment_below' | 'allotment_above'; readonly detail: string };

/**
 * What may be said of a shortage. Whoever looks from above it is given the figures; of a tenant further up than itself, nobody learns more than
 * that there is one.
 * @param seer the tenant that asks; undefined for the operator
 */
export const tellShortage = ({ resource, path, allotted, used }: Shortage, seer: string | undefined): ToldShortage => {
  const figures = `of ${allotted} ${resource} ${used} are in use`;
  if (path.at(-1) === seer) return { code: 'allotment_own', detail: `This tenant’s allotment does not suffice: ${figures}` };
  if (seer === undefined || path.includes(seer))
    return { code: 'allotment_below', detail: `The allotment of the tenant at level ${path.length} does not suffice: ${figures}` };
  return { code: 'allotment_above', detail: `A tenant above this one has not that many ${resource} left to give` };
};
