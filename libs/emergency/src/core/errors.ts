import { defineErrors } from '@trunkline/kernel';

export const emergencyErrors = defineErrors({
  addressInUse: { code: 'emergency_address.in_use', kind: 'conflict', title: 'Numbers are registered at the address' },
  addressNotValid: { code: 'emergency_address.not_valid', kind: 'conflict', title: 'The address was not found to be valid' },
  busy: { code: 'emergency_registration.busy', kind: 'conflict', title: 'A change of the registration is on its way' },
});
