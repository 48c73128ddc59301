import { readCredential, readSource, readTrunk } from '../entries/read-entry.ts';
import type { CallFacts, CallInput, Decision, Lookup } from './call.ts';
import { decideInbound } from './inbound.ts';
import { decideOutbound } from './outbound.ts';
import { meantOf, trunkAtAddress } from './pbx-address.ts';
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
  if (input.test === 'pbx') return decideInbound(input, null, lookup);
  const source = lookup('source', input.sourceAddress);
  const carrierId = source === null ? null : readSource(source).carrierId;
  const trunkId = carrierId !== null ? null : input.provenTrunkId !== null ? provenTrunk(input, lookup) : trunkAtAddress(input, lookup);
  if (carrierId === null && trunkId === null) return { action: 'challenge' };
  if (hasControl(input.requestUser) || hasControl(input.fromUser) || hasControl(input.assertedUser || '')) {
    return reject(REJECT.malformed, carrierId === null ? UNKNOWN : inboundFrom(carrierId));
  }
  if (trunkId === AMBIGUOUS) return reject(REJECT.prefixMissing, ownedBy(input.provenTrunkId || '', lookup));
  return carrierId === null ? decideOutbound(input, trunkId || '', lookup) : decideInbound(input, carrierId, lookup);
};

const AMBIGUOUS = '';

/** A digest user may be several trunks': the tech prefix then tells which. */
const provenTrunk = (input: CallInput, lookup: Lookup): string | null => {
  const entry = input.provenUser ? lookup('credential', input.provenUser) : null;
  const trunks = entry === null ? undefined : readCredential(entry).trunks;
  return trunks === undefined ? input.provenTrunkId : meantOf(trunks, input.requestUser) || AMBIGUOUS;
};

/** The tenant of trunks that cannot be told apart: they are all its own. */
const ownedBy = (trunkId: string, lookup: Lookup): CallFacts => {
  const entry = lookup('trunk', trunkId);
  return entry === null ? UNKNOWN : { ...UNKNOWN, tenantId: readTrunk(entry).tenantId };
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
