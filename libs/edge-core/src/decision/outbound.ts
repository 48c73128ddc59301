import type { TrunkValue } from '../entries/entry-values.ts';
import { readTrunk } from '../entries/read-entry.ts';
import { dialledNumber } from '../numbering/dialled-number.ts';
import { admit, capsOf } from './admission.ts';
import type { CallFacts, CallInput, Decision, Lookup, Rate } from './call.ts';
import { attest } from './attestation.ts';
import { localCallerId, presentedCallerId } from './caller-id.ts';
import { channelsFor } from './channels-of-call.ts';
import { emergencyCall } from './emergency.ts';
import { mediaOf } from './media.ts';
import { carriersFor, isAllowed } from './outbound-carriers.ts';
import { isAtNetwork } from './pbx-address.ts';
import { reject } from './reject.ts';
import { REJECT } from './reject-reasons.ts';
import { withoutTechPrefix } from './tech-prefix.ts';

/** A call from a customer's PBX towards the network. */
export const decideOutbound = (input: CallInput, trunkId: string, lookup: Lookup): Decision => {
  const nothing: CallFacts = {
    direction: 'outbound',
    tenantId: null,
    trunkId,
    carrierId: null,
    callerId: null,
    destination: null,
    attestation: null,
  };
  const entry = lookup('trunk', trunkId);
  if (entry === null) return reject(REJECT.unknownTrunk, nothing);
  const trunk = readTrunk(entry);
  const dialled = withoutTechPrefix(input.requestUser, trunk.techPrefix);
  // help is reached with and without the tech prefix, also where a prefix such as 91 is the beginning of 911
  const emergency =
    emergencyCall(input, trunkId, trunk, lookup, input.requestUser) || emergencyCall(input, trunkId, trunk, lookup, dialled);
  if (emergency !== null) return emergency;
  const digits = dialledNumber(dialled, trunk.plan);
  const destination = digits === null ? null : '+' + digits;
  const call: CallFacts = {
    direction: 'outbound',
    tenantId: trunk.tenantId,
    trunkId,
    carrierId: null,
    callerId: null,
    destination,
    attestation: null,
  };
  if (!input.test && trunk.onlyFrom !== null && !isAtNetwork(input.sourceAddress, trunk.onlyFrom))
    return reject(REJECT.addressNotAllowed, call);
  const admitted = admit(input, call, trunk, lookup);
  if ('action' in admitted) return admitted;
  if (!input.test && trunk.tlsRequired && input.transport !== 'tls') return reject(REJECT.tlsRequired, call);
  if (digits === null) return reject(REJECT.invalidNumber, call);
  const allowed = presentedCallerId(input, trunk, lookup);
  if (allowed === null) return reject(REJECT.callerId, call);
  const number = localCallerId(trunkId, trunk, digits, lookup) || allowed;
  // to have come here a call has proved a trunk, by a digest or by an address of its own
  const attestation = attest({ origin: 'customer', authenticated: true, customerVerified: admitted.verified, right: number.right });
  const presented: CallFacts = {
    direction: 'outbound',
    tenantId: trunk.tenantId,
    trunkId,
    carrierId: null,
    callerId: number.e164,
    destination,
    attestation,
  };
  if (number.emergencyMissing) return reject(REJECT.emergencyMissing, presented);
  if (!isAllowed(digits, trunk, lookup)) return reject(REJECT.destination, presented);
  const targets = carriersFor(digits, input.draw, lookup);
  if (targets.length === 0) return reject(REJECT.noRoute, presented);
  const media = mediaOf(input, trunk);
  if ('code' in media) return reject(media, presented);
  return {
    action: 'route',
    call: presented,
    targets,
    caps: capsOf(admitted, trunk, 'outbound'),
    // channels come with numbers of the tenant's own: a verified one may be another tenant's
    channels: channelsFor(presented, trunk, number.right === 'own' ? number.e164.substring(1) : null, lookup),
    rate: rateOf(trunk),
    maxCallSecs: trunk.maxCallSecs,
    maxRingSecs: null,
    rerouteCodes: null,
    offer: media.offer,
    srtp: trunk.srtp,
    calledNumberIn: 'request_uri',
    fallback: null,
  };
};

const rateOf = (trunk: TrunkValue): Rate | null =>
  trunk.callsPerSecondMax === null ? null : { max: trunk.callsPerSecondMax, reason: REJECT.rateExceeded };
