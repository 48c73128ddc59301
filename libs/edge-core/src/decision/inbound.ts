import { readNumber, readTrunk } from '../entries/read-entry.ts';
import { INTERNATIONAL_PLAN, dialledNumber } from '../numbering/dialled-number.ts';
import { admit, capsOf } from './admission.ts';
import type { CallFacts, CallInput, Decision, Lookup } from './call.ts';
import { channelsFor } from './channels-of-call.ts';
import { groupFor, groupRoute } from './inbound-group.ts';
import { inboundTargets } from './inbound-targets.ts';
import { mediaOf } from './media.ts';
import { reject } from './reject.ts';
import { REJECT } from './reject-reasons.ts';

/** A call that a carrier brings for one of our numbers; without one, a test that the edge makes itself. */
export const decideInbound = (input: CallInput, carrierId: string | null, lookup: Lookup): Decision => {
  const digits = dialledNumber(input.requestUser, INTERNATIONAL_PLAN);
  const from = dialledNumber(input.fromUser, INTERNATIONAL_PLAN);
  const callerId = from === null ? null : '+' + from;
  const destination = digits === null ? null : '+' + digits;
  const factsOf = (tenantId: string | null, trunkId: string | null): CallFacts => ({
    direction: 'inbound',
    tenantId,
    trunkId,
    carrierId,
    callerId,
    destination,
    attestation: null,
  });
  const entry = digits === null ? null : lookup('number', digits);
  if (entry === null) return reject(REJECT.unknownNumber, factsOf(null, null));
  const number = readNumber(entry);
  const call = factsOf(number.tenantId, number.trunkId);
  if (number.trunkId === null) return reject(REJECT.unassignedNumber, call);
  const trunkEntry = lookup('trunk', number.trunkId);
  if (trunkEntry === null) return reject(REJECT.unassignedNumber, call);
  const trunk = readTrunk(trunkEntry);
  const admitted = admit(input, call, trunk, lookup);
  if ('action' in admitted) return admitted;
  if (trunk.rejectAnonymous && isAnonymous(input)) return reject(REJECT.anonymous, call);
  const media = mediaOf(input, trunk);
  if ('code' in media) return reject(media, call);
  const { maxCallSecs, maxRingSecs, rerouteCodes, srtp, calledNumberIn } = trunk;
  const bounds = {
    ...{ maxCallSecs, maxRingSecs, offer: media.offer, srtp, calledNumberIn },
    caps: capsOf(admitted, trunk, 'inbound'),
    channels: channelsFor(call, trunk, digits, lookup),
    rate: null,
  };
  const group = groupFor(number, admitted, input.nowSecs, lookup);
  const grouped = group === null ? null : groupRoute(group, trunk, '+' + digits, carrierId || '', input, lookup);
  if (grouped !== null) return { action: 'route', call, ...grouped, ...bounds };
  const { targets, fallback } = inboundTargets(trunk, '+' + digits, carrierId || '', input.draw, lookup);
  return { action: 'route', call, targets, fallback, rerouteCodes, ...bounds };
};

/** Whether the caller withholds its number (RFC 5079), whatever the network knows of it. */
const isAnonymous = (input: CallInput): boolean => input.withheld === true || input.fromUser.toLowerCase() === 'anonymous';
