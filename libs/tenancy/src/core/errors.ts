import { defineErrors } from '@trunkline/kernel';

export const tenancyErrors = defineErrors({
  parentUnknown: { code: 'tenant.parent_unknown', kind: 'invalid', title: 'The parent tenant does not exist' },
  tooDeep: { code: 'tenant.too_deep', kind: 'conflict', title: 'Tenants stand at most three deep' },
  allotmentUsedUp: {
    code: 'tenant.allotment_used_up',
    kind: 'conflict',
    title: 'The tenant, or one above it, holds as much as it may hold',
  },
  kycRequired: { code: 'kyc.required', kind: 'conflict', title: 'The tenant may not have that before it is verified' },
  kycNotEditable: { code: 'kyc.not_editable', kind: 'conflict', title: 'The file cannot be changed or submitted in its state' },
  kycNotReviewable: { code: 'kyc.not_reviewable', kind: 'conflict', title: 'The file is not in a state to be answered so' },
  kycTooManyDocuments: { code: 'kyc.too_many_documents', kind: 'conflict', title: 'The file has as many documents as it can have' },
  kycDocumentType: {
    code: 'kyc.document_type',
    kind: 'invalid',
    title: 'A document is a PDF, PNG, JPEG or TIFF, and is what it says it is',
  },
  keyRevoked: { code: 'api_key.revoked', kind: 'conflict', title: 'The key is revoked' },
  tooManyKeys: { code: 'api_key.too_many', kind: 'conflict', title: 'The tenant has as many API keys as it may: revoke one first' },
  lastOperatorKey: {
    code: 'operator_key.last',
    kind: 'conflict',
    title: 'Of the operator’s keys that never expire, the last one cannot be revoked',
  },
});
