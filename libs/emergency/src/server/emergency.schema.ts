import { camelKeys, toPublicId } from '@trunkline/kernel';
import { emailIn } from '@trunkline/people/server';
import { country, idIn, idOut, text, timestampOut } from '@trunkline/platform';
import { z } from 'zod';
import { ADDRESS_STATES } from '../core/emergency-address.ts';
import type { CivicAddress, EmergencyAddress } from '../core/emergency-address.ts';
import { REGISTRATION_STATES } from '../core/emergency-registration.ts';
import type { NumberEmergency } from './emergency-registrations.ts';

export const newAddress = z
  .strictObject({
    name: text(32).describe('Who is there').meta({ example: 'Acme Inc' }),
    house_number: text(20).meta({ example: '350' }),
    street: text(80).meta({ example: 'Fifth Avenue' }),
    location: text(60).nullable().default(null).describe('Floor, suite, room: where exactly somebody is to be found'),
    city: text(60).meta({ example: 'New York' }),
    region: text(60).describe('In North America the two letters of the state or province').meta({ example: 'NY' }),
    postal_code: text(12).meta({ example: '10118' }),
    country: country(),
  })
  .meta({ id: 'NewEmergencyAddress' });

const civic = {
  name: z.string(),
  house_number: z.string(),
  street: z.string(),
  location: z.string().nullable(),
  city: z.string(),
  region: z.string(),
  postal_code: z.string(),
  country: z.string(),
};
export const addressOut = z
  .strictObject({
    id: idOut('emergencyAddress'),
    object: z.literal('emergency_address'),
    ...civic,
    state: z.enum(ADDRESS_STATES).describe('validating until the provider of emergency calls has answered'),
    reason: z.string().nullable().describe('Why it is invalid'),
    candidates: z.array(z.strictObject(civic).meta({ id: 'EmergencyAddressCandidate' })).describe('What may have been meant'),
    validated_at: timestampOut().nullable(),
    created_at: timestampOut(),
    updated_at: timestampOut(),
  })
  .meta({ id: 'EmergencyAddress' });

export const registrationIn = z
  .strictObject({ address_id: idIn('emergencyAddress').describe('A valid address of yours') })
  .meta({ id: 'EmergencyRegistrationRequest' });
export const waiverIn = z
  .strictObject({
    signed_by: text(120).describe('Who says so, for the customer').meta({ example: 'Jane Doe, CEO' }),
    statement: text(2_000)
      .describe('What they say, in their words')
      .meta({ example: 'No person calls from this number; it sends alarms.' }),
  })
  .meta({ id: 'EmergencyWaiverRequest' });

export const numberEmergencyOut = z
  .strictObject({
    number_id: idOut('number'),
    object: z.literal('emergency_registration'),
    state: z.enum(REGISTRATION_STATES),
    address_id: z.string().nullable(),
    next_address_id: z.string().nullable().describe('Takes the place of the other once the provider has it'),
    reason: z.string().nullable().describe('Why the last change failed; what was registered before still is'),
    registered_at: timestampOut().nullable(),
    waiver: z
      .strictObject({ signed_by: z.string(), statement: z.string(), signed_at: timestampOut() })
      .meta({ id: 'EmergencyWaiver' })
      .nullable(),
  })
  .meta({ id: 'EmergencyRegistration' });

export const contacts = z
  .strictObject({ emails: z.array(emailIn()).max(20).describe('Who is told at once when somebody calls for help') })
  .meta({ id: 'EmergencyContacts' });
export const contactsOut = z
  .strictObject({ object: z.literal('emergency_contacts'), emails: z.array(z.string()) })
  .meta({ id: 'EmergencyContactList' });
export const policyIn = z
  .strictObject({
    required_countries: z
      .array(country())
      .max(250)
      .describe('Numbers of these countries need an emergency address, or a waiver, to be called from'),
  })
  .meta({ id: 'EmergencyPolicyChange' });
export const policyOut = z
  .strictObject({ object: z.literal('emergency_policy'), required_countries: z.array(z.string()) })
  .meta({ id: 'EmergencyPolicy' });

const civicToWire = (a: CivicAddress) => ({
  name: a.name,
  house_number: a.houseNumber,
  street: a.street,
  location: a.location,
  city: a.city,
  region: a.region,
  postal_code: a.postalCode,
  country: a.country,
});

export const addressToWire = (a: EmergencyAddress): z.infer<typeof addressOut> => ({
  id: toPublicId('emergencyAddress', a.id),
  object: 'emergency_address',
  ...civicToWire(a),
  state: a.state,
  reason: a.reason,
  candidates: a.candidates.map(civicToWire),
  validated_at: a.validatedAt?.toISOString() ?? null,
  created_at: a.createdAt.toISOString(),
  updated_at: a.updatedAt.toISOString(),
});

const addressId = (id: string | null | undefined): string | null => (id ? toPublicId('emergencyAddress', id) : null);

export const numberEmergencyToWire = ({ numberId, registration: r, waiver }: NumberEmergency): z.infer<typeof numberEmergencyOut> => ({
  number_id: toPublicId('number', numberId),
  object: 'emergency_registration',
  state: r?.state ?? 'none',
  address_id: addressId(r?.addressId),
  next_address_id: addressId(r?.nextAddressId),
  reason: r?.reason ?? null,
  registered_at: r?.registeredAt?.toISOString() ?? null,
  waiver: waiver ? { signed_by: waiver.signedBy, statement: waiver.statement, signed_at: waiver.signedAt.toISOString() } : null,
});

/** A body as the use case takes it. */
export const civicOf = (body: z.infer<typeof newAddress>): CivicAddress => camelKeys(body);
