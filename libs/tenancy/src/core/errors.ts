import { defineErrors } from '@trunkline/kernel';

export const tenancyErrors = defineErrors({
  parentUnknown: { code: 'tenant.parent_unknown', kind: 'invalid', title: 'The parent tenant does not exist' },
  tooDeep: { code: 'tenant.too_deep', kind: 'conflict', title: 'Tenants stand at most three deep' },
  allotmentUsedUp: {
    code: 'tenant.allotment_used_up',
    kind: 'conflict',
    title: 'The tenant, or one above it, holds as much as it may hold',
  },
});
