import { readSource } from '../entries/read-entry.ts';
import type { CallFacts, CallInput, Decision, Lookup } from './call.ts';
import { decideInbound } from './inbound.ts';
import { decideOutbound } from './outbound.ts';
import { trunkAtAddress } from './pbx-address.ts';
import { reject } from './reject.ts';
import { REJECT } from './reject-reasons.ts';

const UNKNOWN: CallFacts = {
  direction: 'outbound',
  tenantId: null,
  trunkId: null,
  carrierId: null,
  callerId: null,
  destination: null,
  attestation: null,
};

/**
 * What to do with an INVITE. Pure: no SIP, no clock, nothing but look-ups; the same code runs in Kamailio (as ES5) and in Node.
 * The caller is a carrier when its address is one's; otherwise a customer, whose trunk a digest proves or an address that the trunk
 * names. Counting channels and finding registered contacts are effects: the answer names the caps and leaves the counting to the edge.
 * @throws Error on an entry that cannot be read: the caller must fail closed
 */
export const decide = (input: CallInput, lookup: Lookup): Decision => {
  if (lookup('meta', 'version') === null) return reject(REJECT.notProvisioned, UNKNOWN);
  const source = lookup('source', input.sourceAddress);
  const carrierId = source === null ? null : readSource(source).carrierId;
  const trunkId = carrierId !== null ? null : input.provenTrunkId !== null ? input.provenTrunkId : trunkAtAddress(input, lookup);
  if (carrierId === null && trunkId === null) return { action: 'challenge' };
  if (hasControl(input.requestUser) || hasControl(input.fromUser) || hasControl(input.assertedUser || '')) {
    return reject(REJECT.malformed, carrierId === null ? UNKNOWN : inboundFrom(carrierId));
  }
  return carrierId === null ? decideOutbound(input, trunkId || '', lookup) : decideInbound(input, carrierId, lookup);
};

/** C0 controls and DEL: no store or log downstream has to cope with them. */
const hasControl = (text: string): boolean => /[\u0000-\u001f\u007f]/.test(text);

const inboundFrom = (carrierId: string): CallFacts => ({
  direction: 'inbound',
  tenantId: null,
  trunkId: null,
  carrierId,
  callerId: null,
  destination: null,
  attestation: null,
});
