import type { PbxTrunk } from '../entries/entry-values.ts';
import { readPbx } from '../entries/read-entry.ts';
import type { CallInput, Lookup } from './call.ts';
import { hasTechPrefix } from './tech-prefix.ts';

const IPV4 = /^([0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.)([0-9]{1,3})$/;
const WIDEST_BITS = 24;
const MAYBE_HELP = /^\+?[0-9]{2,6}(;.*)?$/;

/**
 * The trunk whose PBX has this address, by the narrowest network that names one: nine look-ups at most, from the address itself to its
 * /24. Trunks that share a network are told apart by the tech prefix; a short number, which may be one for help, needs none and goes by
 * the first of them. Null: nobody's, so a digest has to tell.
 */
export const trunkAtAddress = (input: CallInput, lookup: Lookup): string | null => {
  const octets = IPV4.exec(input.sourceAddress);
  if (octets === null) return null;
  const last = Number(octets[2]);
  for (let bits = 32, size = 1; bits >= WIDEST_BITS; bits--, size *= 2) {
    const entry = lookup('pbx', bits === 32 ? input.sourceAddress : (octets[1] || '') + (last - (last % size)) + '/' + bits);
    const trunkId = entry === null ? null : chosen(readPbx(entry).trunks, input.requestUser);
    if (trunkId !== null) return trunkId;
  }
  return null;
};

const chosen = (trunks: readonly PbxTrunk[], user: string): string | null => {
  const meant = trunks.filter((t) => t.techPrefix === null || hasTechPrefix(user, t.techPrefix));
  const trunk = meant.length === 0 && MAYBE_HELP.test(user) ? trunks[0] : meant[0];
  return trunk === undefined ? null : trunk.trunkId;
};
