import type { Target, TrunkValue } from '../entries/entry-values.ts';
import { readCountry, readTargets, readTrunk } from '../entries/read-entry.ts';
import { withUser } from '../entries/sip-uri.ts';
import { dialledNumber } from '../numbering/dialled-number.ts';
import { admit, capsOf } from './admission.ts';
import type { CallFacts, CallInput, Decision, Lookup, Rate } from './call.ts';
import { presentedCallerId } from './caller-id.ts';
import { channelsFor } from './channels-of-call.ts';
import { emergencyCall } from './emergency.ts';
import { longestPrefix } from './longest-prefix.ts';
import { mediaOf } from './media.ts';
import { isAtNetwork } from './pbx-address.ts';
import { reject } from './reject.ts';
import { REJECT } from './reject-reasons.ts';
import { inOrder } from './target-order.ts';
import { withoutTechPrefix } from './tech-prefix.ts';

const LONGEST_COUNTRY_PREFIX = 8;
const LONGEST_E164 = 15;

/** A call from a customer's PBX towards the network. */
export const decideOutbound = (input: CallInput, trunkId: string, lookup: Lookup): Decision => {
  const nothing: CallFacts = { direction: 'outbound', tenantId: null, trunkId, carrierId: null, callerId: null, destination: null };
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
  const call: CallFacts = { direction: 'outbound', tenantId: trunk.tenantId, trunkId, carrierId: null, callerId: null, destination };
  if (!input.test && trunk.onlyFrom !== null && !isAtNetwork(input.sourceAddress, trunk.onlyFrom))
    return reject(REJECT.addressNotAllowed, call);
  const admitted = admit(input, call, trunk, lookup);
  if ('action' in admitted) return admitted;
  if (!input.test && trunk.tlsRequired && input.transport !== 'tls') return reject(REJECT.tlsRequired, call);
  if (digits === null) return reject(REJECT.invalidNumber, call);
  const callerId = presentedCallerId(input, trunk, lookup);
  if (callerId === null) return reject(REJECT.callerId, call);
  const presented: CallFacts = { direction: 'outbound', tenantId: trunk.tenantId, trunkId, carrierId: null, callerId, destination };
  if (!isAllowed(digits, trunk, lookup)) return reject(REJECT.destination, presented);
  const targets = carriersFor(digits, input.draw, lookup);
  if (targets.length === 0) return reject(REJECT.noRoute, presented);
  const media = mediaOf(input, trunk);
  if ('code' in media) return reject(media, presented);
  return {
    action: 'route',
    call: presented,
    targets,
    caps: capsOf(admitted, trunk),
    channels: channelsFor(presented, trunk, callerId.replace('+', ''), lookup),
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

/** Only countries that the trunk opened; a prefix of no known country is closed. */
const isAllowed = (digits: string, trunk: TrunkValue, lookup: Lookup): boolean => {
  const country = longestPrefix(lookup, 'country', digits, LONGEST_COUNTRY_PREFIX);
  return country !== null && trunk.allowedCountries.indexOf(readCountry(country)) >= 0;
};

const carriersFor = (digits: string, draw: number, lookup: Lookup): readonly Target[] => {
  const route = longestPrefix(lookup, 'route', digits, LONGEST_E164);
  if (route === null) return [];
  return inOrder(readTargets(route).targets, draw, lookup).map((t): Target => ({
    uri: withUser(t.uri, '+' + digits),
    carrierId: t.carrierId,
  }));
};
