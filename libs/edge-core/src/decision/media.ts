import type { TrunkValue } from '../entries/entry-values.ts';
import { readOffer } from '../media/sdp-offer.ts';
import type { CallInput } from './call.ts';
import { REJECT } from './reject-reasons.ts';
import type { RejectReason } from './reject-reasons.ts';

/**
 * Whether a call's media is as the trunk wants it: why not, or the offer to send on (null: as it came). A call that offers nothing yet (RFC 3261
 * §13.2.1: the callee offers) is let through, unless it would have to be encrypted, which then nobody could see.
 */
export const mediaOf = (input: CallInput, trunk: TrunkValue): RejectReason | { readonly offer: string | null } => {
  const free = trunk.codecs === null && trunk.srtp === 'optional';
  const sdp = free || input.offer === undefined ? null : input.offer();
  if (sdp === null) return trunk.srtp === 'required' && input.offer !== undefined ? REJECT.srtpRequired : { offer: null };
  const { media, sdpWith } = readOffer(sdp);
  if (trunk.srtp === 'required' && (media.length === 0 || !media.every((m) => m.secure))) return REJECT.srtpRequired;
  if (trunk.srtp === 'disabled' && media.some((m) => m.secure)) return REJECT.srtpDisabled;
  if (trunk.codecs === null) return { offer: null };
  const offer = sdpWith(trunk.codecs);
  return offer === null ? REJECT.codec : { offer: offer === sdp ? null : offer };
};
