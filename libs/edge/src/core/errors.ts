import { defineErrors } from '@trunkline/kernel';

export const edgeErrors = defineErrors({
  nameTaken: { code: 'edge.name_taken', kind: 'conflict', title: 'An edge with this name exists' },
  tokenUnknown: { code: 'edge.enrol_token_unknown', kind: 'unauthenticated', title: 'The enrolment token is unknown, used or expired' },
  badPublicKey: { code: 'edge.bad_public_key', kind: 'invalid', title: 'The public key is not an Ed25519 key in SPKI PEM' },
  allowEntryExists: { code: 'edge_allow_list.exists', kind: 'conflict', title: 'The network is on the list already' },
  allowListFull: { code: 'edge_allow_list.full', kind: 'conflict', title: 'The list has 200 entries, as many as one can have' },
});
