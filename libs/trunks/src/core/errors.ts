import { defineErrors } from '@trunkline/kernel';

export const trunkErrors = defineErrors({
  nameTaken: { code: 'trunk.name_taken', kind: 'conflict', title: 'Another trunk of the tenant has this name' },
  tooManyCredentials: {
    code: 'trunk.too_many_credentials',
    kind: 'conflict',
    title: 'There are as many credentials as a trunk or a list can have; revoke one first',
  },
  addressTaken: {
    code: 'trunk.address_taken',
    kind: 'conflict',
    title: 'The address belongs to a carrier, or to another trunk that no tech prefix tells apart',
  },
  credentialRevoked: { code: 'credential.revoked', kind: 'conflict', title: 'The credential is revoked; make a new one' },
  credentialsShared: {
    code: 'trunk.credentials_shared',
    kind: 'conflict',
    title: 'Another trunk uses the credential list, and no tech prefix tells the two apart',
  },
  tooManyTestCalls: {
    code: 'test_call.too_many',
    kind: 'rate_limited',
    title: 'Twenty test calls were asked for within the last hour; wait',
  },
  noTestNumber: {
    code: 'test_call.no_number',
    kind: 'conflict',
    title: 'No number points at the trunk: order one, or name a number to call',
  },
  ipListInUse: { code: 'ip_list.in_use', kind: 'conflict', title: 'Trunks use the list' },
  credentialListInUse: { code: 'credential_list.in_use', kind: 'conflict', title: 'Trunks use the list' },
  listNameTaken: { code: 'list.name_taken', kind: 'conflict', title: 'Another list of the tenant has this name' },
  inUse: { code: 'trunk.in_use', kind: 'conflict', title: 'Numbers still point at the trunk' },
});
