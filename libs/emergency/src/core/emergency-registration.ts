import { AppError, canTransition } from '@trunkline/kernel';
import type { Transitions } from '@trunkline/kernel';
import type { EmergencyAddress } from './emergency-address.ts';
import { emergencyErrors } from './errors.ts';

/** How far the provider of emergency calls knows where a number is. `none` has no row. */
export const REGISTRATION_STATES = ['none', 'provisioning', 'active', 'updating', 'failed', 'deprovisioning'] as const;
export type RegistrationState = (typeof REGISTRATION_STATES)[number];

/** Another address is made before the present one is broken. */
export const REGISTRATION_TRANSITIONS: Transitions<RegistrationState> = {
  none: ['provisioning'],
  provisioning: ['active', 'failed', 'deprovisioning'],
  active: ['updating', 'deprovisioning'],
  updating: ['active', 'deprovisioning'],
  failed: ['provisioning', 'deprovisioning'],
  deprovisioning: ['none'],
};

export type EmergencyRegistration = {
  readonly numberId: string; // uuid
  readonly addressId: string;
  readonly nextAddressId: string | null; // takes the place of the other once the provider has it
  readonly state: RegistrationState;
  readonly reason: string | null; //        why the last change failed
  readonly registeredAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

/** Whether help would be sent to the number's address. */
export const isRegistered = ({ state }: EmergencyRegistration): boolean => state === 'active' || state === 'updating';

/** The number on its way to an address; the same object when it is there already. @throws AppError emergency_address.not_valid, emergency_registration.busy */
export const registeredAt = (
  before: EmergencyRegistration | undefined,
  numberId: string,
  address: EmergencyAddress,
  now: Date,
): EmergencyRegistration => {
  if (address.state !== 'valid') throw new AppError(emergencyErrors.addressNotValid, `The address is ${address.state}`);
  if (before?.state === 'active' && before.addressId === address.id) return before;
  const state = before?.state === 'active' ? 'updating' : 'provisioning';
  if (!canTransition(REGISTRATION_TRANSITIONS, before?.state ?? 'none', state)) throw new AppError(emergencyErrors.busy);
  const change = { state, reason: null, updatedAt: now } as const;
  if (before && state === 'updating') return { ...before, ...change, nextAddressId: address.id };
  return { numberId, addressId: address.id, nextAddressId: null, registeredAt: null, createdAt: before?.createdAt ?? now, ...change };
};

/** On its way out. The same object when it is so already. */
export const leaving = (registration: EmergencyRegistration, now: Date): EmergencyRegistration =>
  registration.state === 'deprovisioning'
    ? registration
    : { ...registration, state: 'deprovisioning', nextAddressId: null, updatedAt: now };

/** After the provider took the address, or said why it did not: what was registered before stays. */
export const settled = (registration: EmergencyRegistration, refusal: string | null, now: Date): EmergencyRegistration => {
  const { addressId, nextAddressId, state } = registration;
  const rest = { ...registration, nextAddressId: null, reason: refusal, updatedAt: now };
  if (refusal !== null) return { ...rest, state: state === 'updating' ? 'active' : 'failed' };
  return { ...rest, state: 'active', addressId: nextAddressId ?? addressId, registeredAt: now };
};
