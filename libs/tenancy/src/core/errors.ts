import { defineErrors } from '@trunkline/kernel';

export const tenancyErrors = defineErrors({
  parentUnknown: { code: 'tenant.parent_unknown', kind: 'invalid', title: 'The parent tenant does not exist' },
  holdPresent: { code: 'tenant.hold_present', kind: 'conflict', title: 'The tenant already has an active hold of this kind' },
});
