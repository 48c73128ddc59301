import { defineErrors } from '@trunkline/kernel';

export const edgeErrors = defineErrors({
  tooManyStreams: { code: 'provisioning.too_many_streams', kind: 'conflict', title: 'The key has as many open streams as it may' },
  nameTaken: { code: 'edge.name_taken', kind: 'conflict', title: 'An edge with this name exists' },
  tokenUnknown: { code: 'edge.enrol_token_unknown', kind: 'unauthenticated', title: 'The enrolment token is unknown, used or expired' },
  badPublicKey: { code: 'edge.bad_public_key', kind: 'invalid', title: 'The public key is not an Ed25519 key in SPKI PEM' },
  allowEntryExists: { code: 'edge_allow_list.exists', kind: 'conflict', title: 'The network is on the list already' },
  allowListFull: { code: 'edge_allow_list.full', kind: 'conflict', title: 'The list has 200 entries, as many as one can have' },
  callMasked: { code: 'call.masked', kind: 'conflict', title: 'The call’s numbers are masked: it cannot be decided again' },
  unknown: { code: 'edge.unknown', kind: 'invalid', title: 'No such edge' },
  notEnrolled: { code: 'edge.not_enrolled', kind: 'conflict', title: 'The edge has not enrolled yet' },
  notAtWork: {
    code: 'edge.not_at_work',
    kind: 'conflict',
    title: 'The edge is lost, drained or not connected: it can carry nobody’s calls',
  },
  noStandBy: { code: 'edge.no_stand_by', kind: 'conflict', title: 'No other edge is at work to take its tenants' },
  tenantsPinned: { code: 'edge.tenants_pinned', kind: 'conflict', title: 'Tenants are pinned to the edge: move them first' },
  inUse: { code: 'edge.in_use', kind: 'conflict', title: 'Only an edge that is drained, lost or never enrolled can be deleted' },
  hasTenants: { code: 'edge.has_tenants', kind: 'conflict', title: 'Tenants are at home on the edge: move them first' },
  sweepDiffers: { code: 'edge.sweep_differs', kind: 'conflict', title: 'The sweep would remove other counts than those named' },
});
