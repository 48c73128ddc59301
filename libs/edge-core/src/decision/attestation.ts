/** How far we vouch for the number a call presents (ATIS-1000074). */
export type AttestationLevel = 'A' | 'B' | 'C';

/** What a customer may present a number by: it holds it, it proved that it may use it, it showed papers that say so, or it merely says so. */
export type CallerIdRight = 'own' | 'verified' | 'documented' | 'claimed';

export type AttestationReason =
  'foreign_network' | 'unauthenticated' | 'customer_unverified' | 'number_own' | 'number_verified' | 'number_documented' | 'number_claimed';

export type Attestation = { readonly level: AttestationLevel; readonly reason: AttestationReason };

export type AttestationFacts = {
  readonly origin: 'customer' | 'carrier'; //       who brought the call to us
  readonly authenticated: boolean; //               by digest, or by an address that is the trunk's
  readonly customerVerified: boolean; //            the operator's approval of who the customer is holds
  readonly right: CallerIdRight;
};

const REASON_OF: Readonly<Record<CallerIdRight, AttestationReason>> = {
  own: 'number_own',
  verified: 'number_verified',
  documented: 'number_documented',
  claimed: 'number_claimed',
};

/**
 * A: we know the customer, and that it may use the number. B: we know the customer alone. C: we know where the call entered our network, and no
 * more. Decided from the platform's own data; no customer has a say in it (47 CFR 64.6301).
 */
export const attest = ({ origin, authenticated, customerVerified, right }: AttestationFacts): Attestation => {
  if (origin === 'carrier') return { level: 'C', reason: 'foreign_network' };
  if (!authenticated) return { level: 'C', reason: 'unauthenticated' };
  if (!customerVerified) return { level: 'C', reason: 'customer_unverified' };
  return { level: right === 'own' || right === 'verified' ? 'A' : 'B', reason: REASON_OF[right] };
};
