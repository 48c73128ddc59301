import type { DiallingPlan } from './dialled-number.ts';
import { DIALLING_PLANS } from './dialling-plans.ts';

/** The dialling plan of an ISO 3166-1 country. Undefined when the country has none of its own. */
export const diallingPlanOf = (country: string): DiallingPlan | undefined => {
  const [callingCode, international = '', national = '', length] = DIALLING_PLANS[country]?.split(' ') ?? [];
  if (callingCode === undefined) return undefined;
  return { callingCode, international, national, nationalLength: Number(length) };
};
