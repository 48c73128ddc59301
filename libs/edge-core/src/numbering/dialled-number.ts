/** How telephones of one country dial. All digits. */
export type DiallingPlan = {
  readonly callingCode: string;
  readonly international: string; // e.g. 00, 011
  readonly national: string; //      trunk prefix, e.g. 0; empty where there is none
  readonly nationalLength: number; // usual length of a national number without it; 0: unknown
};

/** From a carrier: always international. */
export const INTERNATIONAL_PLAN: DiallingPlan = { callingCode: '', international: '00', national: '', nationalLength: 0 };

const E164_DIGITS = /^[1-9][0-9]{5,14}$/;

/**
 * What was dialled (the user part of a SIP URI) as E.164 digits without the +; null when it is no such number.
 * Bare digits are read as a national number where the country's plan has them (North America's ten digits, Spain's nine), otherwise as
 * E.164 whose + the telephone left out.
 */
export const dialledNumber = (user: string, plan: DiallingPlan): string | null => {
  if (user.length > 64) return null;
  const bare = user.replace(/;.*$/, '').replace(/[-(). ]/g, '');
  const digits = bare.charAt(0) === '+' ? bare.substring(1) : international(bare, plan);
  return E164_DIGITS.test(digits) ? digits : null;
};

const startsWith = (text: string, prefix: string): boolean => prefix !== '' && text.substring(0, prefix.length) === prefix;

const international = (bare: string, plan: DiallingPlan): string => {
  if (startsWith(bare, plan.international)) return bare.substring(plan.international.length);
  const rest = bare.substring(plan.national.length);
  if (startsWith(bare, plan.national) && (plan.national === '0' || rest.length === plan.nationalLength)) return plan.callingCode + rest;
  const bareIsNational = plan.national === '' || plan.national === plan.callingCode;
  return bareIsNational && bare.length === plan.nationalLength ? plan.callingCode + bare : bare;
};
