import { id, integer, orNull, text, time } from './event-fields.ts';
import type { EventDefinitions } from './event-fields.ts';

const bundle = { regulatoryBundleId: id('regulatoryBundle') };
const verifiedNumber = { verifiedNumberId: id('verifiedNumber'), e164: text('+442079460958') };
const emergencyAddress = { emergencyAddressId: id('emergencyAddress') };
const numberEmergency = { numberId: id('number') };

/** Of who uses a number, what it presents, and where help is sent. */
export const identityEvents = {
  'regulatory_bundle.created': { summary: 'A regulatory bundle was begun', data: bundle },
  'regulatory_bundle.updated': { summary: 'What a regulatory bundle holds was changed', data: bundle },
  'regulatory_bundle.submitted': { summary: 'A regulatory bundle was handed to the operator', data: bundle },
  'regulatory_bundle.approved': {
    summary: 'Numbers can be ordered with a regulatory bundle',
    data: { ...bundle, validUntil: orNull(time('2027-11-26T00:00:00.000Z')) },
  },
  'regulatory_bundle.rejected': { summary: 'A regulatory bundle was rejected', data: { ...bundle, reason: text('The bill is too old') } },
  'regulatory_bundle.expiring': {
    summary: 'The approval of a regulatory bundle ends in 60, 30 or 7 days',
    data: { ...bundle, validUntil: time('2027-01-25T00:00:00.000Z'), days: integer(60) },
  },
  'regulatory_bundle.expired': {
    summary: 'The approval of a regulatory bundle is over; numbers that were ordered with it stay',
    data: bundle,
  },
  'verified_number.started': {
    summary: 'A number is to be verified: a code is on its way, or papers wait for the operator',
    data: verifiedNumber,
  },
  'verified_number.verified': {
    summary: 'The number may be presented by trunks that pass verified ones',
    data: { ...verifiedNumber, right: text('verified'), expiresAt: time('2027-11-23T10:15:00.000Z') },
  },
  'verified_number.rejected': {
    summary: 'The operator did not believe the papers',
    data: { ...verifiedNumber, reason: text('The letter is not signed') },
  },
  'verified_number.expired': { summary: 'The proof is over: verify the number again', data: verifiedNumber },
  'verified_number.revoked': { summary: 'The number may not be presented any more', data: verifiedNumber },
  'caller_name.changed': {
    summary: 'The name that networks show beside a number is on its way, shown, rejected or gone',
    data: { numberId: id('number'), state: text('active'), reason: orNull(text('The name is not that of the business')) },
  },
  'emergency_address.created': {
    summary: 'An emergency address was named; the provider is asked whether there is one',
    data: emergencyAddress,
  },
  'emergency_address.validated': {
    summary: 'The provider said whether there is such an address',
    data: { ...emergencyAddress, state: text('valid'), reason: orNull(text('There is no such house in the street')) },
  },
  'emergency_address.deleted': { summary: 'An emergency address was deleted', data: emergencyAddress },
  'emergency_registration.changed': {
    summary: 'Where a number calls for help from is on its way, registered, refused or gone',
    data: { ...numberEmergency, state: text('active'), reason: orNull(text('No public safety answering point serves the address')) },
  },
  'emergency_waiver.signed': { summary: 'The tenant says that it knows that a number has no emergency address', data: numberEmergency },
  'emergency_waiver.withdrawn': { summary: 'That word was taken back', data: numberEmergency },
  'emergency_contacts.changed': { summary: 'Others are told when somebody calls for help', data: { count: integer(2) } },
  'emergency_call.placed': {
    summary: 'Somebody calls for help: told when the call is answered, or when the attempt ended',
    data: {
      callId: id('cdr'),
      trunkId: orNull(id('trunk')),
      callerId: orNull(text('+12025550199')),
      destination: text('911'),
      startedAt: time('2026-11-23T10:15:00.000Z'),
    },
  },
} as const satisfies EventDefinitions;
