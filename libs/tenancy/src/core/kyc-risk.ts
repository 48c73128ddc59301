import type { DocumentKind, KycStatement } from './kyc-file.ts';

export type Risk = { readonly score: number; readonly factors: readonly RiskFactor[] };

/**
 * Countries to which calls are sold for the sake of what they cost (revenue share fraud): island nations, satellites' neighbours, and others that fraud
 * reports name year after year. Calling them is no offence; meaning to is worth a look.
 */
const OFTEN_PUMPED = new Set([
  'CU',
  'SO',
  'LV',
  'LT',
  'EE',
  'GN',
  'GM',
  'SL',
  'TN',
  'MV',
  'MG',
  'KM',
  'BI',
  'ER',
  'ZW',
  'SI',
  'AZ',
  'TL',
  'NR',
  'PG',
]);
/** More than a large office makes. */
const MANY_CALLS_PER_DAY = 5_000;

/** Points of each factor. 0 to 29 is low, 30 to 59 medium, 60 and more high. */
const FACTORS = {
  no_tax_id: 15,
  no_registration: 15, //       a number, and the document that shows it
  no_proof_of_address: 10,
  elsewhere: 15, //             its address is in another country than its account
  pumped_destinations: 25,
  dials_people: 15, //          campaigns and automatic voices draw complaints
  resells: 10, //               its customers are unknown to us
  many_calls: 15,
  unexplained: 10, //           "other", and not a word more
} as const;
export type RiskFactor = keyof typeof FACTORS;

const holds = (f: KycStatement, homeCountry: string, documents: readonly DocumentKind[]): { readonly [F in RiskFactor]: boolean } => ({
  no_tax_id: f.taxId === null,
  no_registration: f.registrationNumber === null || !documents.includes('registration'),
  no_proof_of_address: !documents.includes('address'),
  elsewhere: f.country !== homeCountry,
  pumped_destinations: f.destinations.some((country) => OFTEN_PUMPED.has(country)),
  dials_people: f.useCase === 'outbound_campaigns' || f.useCase === 'conversational_ai',
  resells: f.useCase === 'resale',
  many_calls: (f.callsPerDay ?? 0) > MANY_CALLS_PER_DAY,
  unexplained: f.useCase === 'other' && f.useCaseDetail === null,
});

/** What a reviewer should look at first. It decides nothing by itself. */
export const riskOf = (statement: KycStatement, homeCountry: string, documents: readonly DocumentKind[]): Risk => {
  const found = holds(statement, homeCountry, documents);
  const factors = (Object.keys(FACTORS) as RiskFactor[]).filter((factor) => found[factor]);
  return {
    score: Math.min(
      100,
      factors.reduce((sum, factor) => sum + FACTORS[factor], 0),
    ),
    factors,
  };
};

export const riskLevel = (score: number): 'low' | 'medium' | 'high' => (score < 30 ? 'low' : score < 60 ? 'medium' : 'high');
