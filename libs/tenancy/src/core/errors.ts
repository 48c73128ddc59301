import { defineErrors } from '@trunkline/kernel';

export const tenancyErrors = defineErrors({
  parentUnknown: { code: 'tenant.parent_unknown', kind: 'invalid', title: 'The parent tenant does not exist' },
});
