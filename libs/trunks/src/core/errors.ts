import { defineErrors } from '@trunkline/kernel';

export const trunkErrors = defineErrors({
  nameTaken: { code: 'trunk.name_taken', kind: 'conflict', title: 'Another trunk of the tenant has this name' },
  tooManyCredentials: {
    code: 'trunk.too_many_credentials',
    kind: 'conflict',
    title: 'The trunk has as many credentials as one can have; revoke one first',
  },
  addressTaken: {
    code: 'trunk.address_taken',
    kind: 'conflict',
    title: 'The address belongs to a carrier, or to another trunk that no tech prefix tells apart',
  },
  credentialRevoked: { code: 'credential.revoked', kind: 'conflict', title: 'The credential is revoked; make a new one' },
  inUse: { code: 'trunk.in_use', kind: 'conflict', title: 'Numbers still point at the trunk' },
});
