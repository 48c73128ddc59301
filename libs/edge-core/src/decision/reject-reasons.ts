/**
 * Every reason for which an edge refuses a call attempt. The code is the same in the RFC 3326 Reason header, in the CDR and in the
 * documentation. `sipCode` answers a call that a customer's PBX places, `inboundSipCode` one that a carrier brings, where they differ: full
 * channels are 486 towards the network. Never 503 for what concerns one customer: peers blacklist an edge that says 503.
 */
export type RejectReason = { readonly code: string; readonly sipCode: number; readonly inboundSipCode?: number; readonly title: string };

const define = <T extends Readonly<Record<string, RejectReason>>>(reasons: T): T => reasons;

export const REJECT = define({
  notProvisioned: { code: 'edge.not_provisioned', sipCode: 503, title: 'The edge has no configuration yet' },
  noDecision: { code: 'edge.no_decision', sipCode: 503, title: 'The edge could not decide on the call' },
  malformed: {
    code: 'request.malformed',
    sipCode: 400,
    title: 'A control character or more than 256 characters in From, Request-URI or Call-ID',
  },
  onHold: { code: 'tenant.on_hold', sipCode: 403, title: 'The tenant is on hold' },
  restricted: { code: 'tenant.restricted', sipCode: 403, title: 'The tenant may take calls, but place none' },
  unknownTenant: { code: 'tenant.unknown', sipCode: 403, title: 'The trunk belongs to no tenant' },
  otherEdge: { code: 'tenant.other_edge', sipCode: 302, title: 'Another edge serves this tenant' },
  tenantFull: { code: 'tenant.channels_exhausted', sipCode: 480, inboundSipCode: 486, title: 'All channels of the tenant are in use' },
  unknownTrunk: { code: 'trunk.unknown', sipCode: 403, title: 'The trunk does not exist' },
  trunkDisabled: { code: 'trunk.disabled', sipCode: 403, title: 'The trunk is disabled' },
  trunkFull: { code: 'trunk.channels_exhausted', sipCode: 480, inboundSipCode: 486, title: 'All channels of the trunk are in use' },
  numberFull: { code: 'number.channels_exhausted', sipCode: 480, inboundSipCode: 486, title: 'The number has as many calls as it may' },
  groupFull: {
    code: 'channel_group.channels_exhausted',
    sipCode: 480,
    inboundSipCode: 486,
    title: 'The channel group has as many calls as it may',
  },
  noChannelFree: {
    code: 'channel.none_free',
    sipCode: 480,
    inboundSipCode: 486,
    title: 'No included, dedicated, shared or metered channel is free for the call',
  },
  callerId: {
    code: 'trunk.caller_id_not_allowed',
    sipCode: 403,
    title: "The caller ID is none of the tenant's numbers, nor one verified that the trunk passes",
  },
  emergencyMissing: {
    code: 'number.emergency_address_missing',
    sipCode: 403,
    title: 'The caller ID is a number that must have an emergency address, and has none',
  },
  rateExceeded: { code: 'trunk.rate_exceeded', sipCode: 480, title: 'The trunk began as many calls within the last second as it may' },
  tlsRequired: { code: 'trunk.tls_required', sipCode: 403, title: 'The trunk takes calls over TLS only' },
  addressNotAllowed: {
    code: 'trunk.address_not_allowed',
    sipCode: 403,
    title: 'The password is right, but good only at an address of the trunk',
  },
  prefixMissing: {
    code: 'trunk.tech_prefix_missing',
    sipCode: 403,
    title: 'Trunks share the digest user, and no tech prefix says whose call it is',
  },
  codec: { code: 'trunk.codec_not_allowed', sipCode: 488, title: 'The call offers none of the codecs that the trunk allows' },
  srtpRequired: { code: 'trunk.srtp_required', sipCode: 488, title: 'The trunk takes calls that offer encrypted media (SRTP) only' },
  srtpDisabled: { code: 'trunk.srtp_not_allowed', sipCode: 488, title: 'The trunk takes no calls that offer encrypted media (SRTP)' },
  anonymous: {
    code: 'trunk.anonymous_not_allowed',
    sipCode: 433,
    title: 'The trunk takes no inbound calls whose caller withholds its number',
  },
  registrationTooBrief: {
    code: 'registration.too_brief',
    sipCode: 423,
    title: 'The registration asks for less time than the trunk allows',
  },
  destination: { code: 'trunk.destination_not_allowed', sipCode: 403, title: 'The destination country is not open for this trunk' },
  notRegistered: { code: 'trunk.not_registered', sipCode: 480, title: 'The trunk has no route and no registered contact' },
  invalidNumber: { code: 'number.invalid', sipCode: 484, title: 'The dialled number is not an E.164 number' },
  unknownNumber: { code: 'number.unknown', sipCode: 404, title: 'The dialled number is not hosted here' },
  unassignedNumber: { code: 'number.unassigned', sipCode: 404, title: 'The dialled number points at no trunk' },
  noRoute: { code: 'carrier.no_route', sipCode: 404, title: 'No carrier route for the destination' },
  unreachable: { code: 'carrier.unreachable', sipCode: 480, title: 'No target of the call could be resolved or reached' },
  noEmergencyRoute: { code: 'emergency.no_route', sipCode: 480, title: 'No carrier takes emergency calls from this country' },
});

export const sipCodeOf = (reason: RejectReason, inbound: boolean): number =>
  inbound && reason.inboundSipCode !== undefined ? reason.inboundSipCode : reason.sipCode;
