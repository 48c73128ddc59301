import { invalidField } from '@trunkline/kernel';

/** A civic address, as far as every country has it (RFC 5139). */
export type CivicAddress = {
  readonly name: string; //            who is there
  readonly houseNumber: string;
  readonly street: string;
  readonly location: string | null; // floor, suite, room: the dispatchable location (47 CFR 9.3)
  readonly city: string;
  readonly region: string;
  readonly postalCode: string;
  readonly country: string;
};

/** `validating` until the provider answers: what we see ourselves proves nothing. */
export const ADDRESS_STATES = ['validating', 'valid', 'invalid'] as const;
export type AddressState = (typeof ADDRESS_STATES)[number];

export type EmergencyAddress = CivicAddress & {
  readonly id: string; // uuid
  readonly state: AddressState;
  readonly reason: string | null;
  readonly candidates: readonly CivicAddress[]; // what the provider thinks was meant
  readonly providerReference: string | null;
  readonly validatedAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

/** What the provider says of an address. */
export type AddressVerdict =
  | { readonly isValid: true; readonly reference: string }
  | { readonly isValid: false; readonly reason: string; readonly candidates: readonly CivicAddress[] };

const POSTAL_CODES: Readonly<Record<string, RegExp>> = {
  US: /^[0-9]{5}(-[0-9]{4})?$/,
  PR: /^[0-9]{5}(-[0-9]{4})?$/,
  CA: /^[A-Z][0-9][A-Z] [0-9][A-Z][0-9]$/,
  GB: /^[A-Z]{1,2}[0-9][0-9A-Z]? [0-9][A-Z]{2}$/,
  DE: /^[0-9]{5}$/,
  FR: /^[0-9]{5}$/,
};
const IN_NORTH_AMERICA = /^(US|CA|PR)$/;

/** @throws AppError request.invalid at /postal_code, /region */
export const openAddress = (id: string, civic: CivicAddress, now: Date): EmergencyAddress => {
  const { postalCode, region, country } = civic;
  if (POSTAL_CODES[country]?.test(postalCode) === false)
    throw invalidField('/postal_code', 'malformed', `This is not how ${country} writes postal codes`);
  if (IN_NORTH_AMERICA.test(country) && !/^[A-Z]{2}$/.test(region))
    throw invalidField('/region', 'malformed', 'must be the two letters of a state or province');
  return {
    ...civic,
    id,
    state: 'validating',
    reason: null,
    candidates: [],
    providerReference: null,
    validatedAt: null,
    createdAt: now,
    updatedAt: now,
  };
};

export const judged = (address: EmergencyAddress, verdict: AddressVerdict, now: Date): EmergencyAddress => ({
  ...address,
  ...(verdict.isValid
    ? { state: 'valid', providerReference: verdict.reference, reason: null, candidates: [] }
    : { state: 'invalid', providerReference: null, reason: verdict.reason, candidates: verdict.candidates }),
  validatedAt: now,
  updatedAt: now,
});
