import { defineErrors } from '@trunkline/kernel';

export const regulatoryErrors = defineErrors({
  notEditable: { code: 'regulatory_bundle.not_editable', kind: 'conflict', title: 'What is submitted or approved cannot be changed' },
  wrongState: { code: 'regulatory_bundle.wrong_state', kind: 'conflict', title: 'The bundle is not in a state for that' },
  incomplete: { code: 'regulatory_bundle.incomplete', kind: 'conflict', title: 'Something that the rule asks for is missing or wrong' },
  bundleMissing: { code: 'regulatory.bundle_missing', kind: 'conflict', title: 'Numbers of this kind take an approved regulatory bundle' },
  bundleUnfit: { code: 'regulatory.bundle_unfit', kind: 'conflict', title: 'The regulatory bundle is for numbers of another kind' },
  bundleUnapproved: {
    code: 'regulatory.bundle_unapproved',
    kind: 'conflict',
    title: 'The regulatory bundle is not approved, or has expired',
  },
  itemsMissing: { code: 'regulatory.items_missing', kind: 'conflict', title: 'The regulatory bundle lacks what the number takes' },
});
