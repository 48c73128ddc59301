import type { PbxTrunk } from '../entries/entry-values.ts';
import { readPbx } from '../entries/read-entry.ts';
import type { CallInput, Lookup } from './call.ts';
import { hasTechPrefix } from './tech-prefix.ts';

const IPV4 = /^([0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.)([0-9]{1,3})$/;
const WIDEST_BITS = 24;
const MAYBE_HELP = /^\+?[0-9]{2,6}(;.*)?$/;

/** The networks that an IPv4 address is in, the narrowest first: from the address itself to its /24. */
const networksAround = (address: string): readonly string[] => {
  const octets = IPV4.exec(address);
  if (octets === null) return [];
  const last = Number(octets[2]);
  const networks = [address];
  for (let bits = 31, size = 2; bits >= WIDEST_BITS; bits--, size *= 2)
    networks.push((octets[1] || '') + (last - (last % size)) + '/' + bits);
  return networks;
};

export const isAtNetwork = (address: string, networks: readonly string[]): boolean =>
  networksAround(address).some((network) => networks.indexOf(network) >= 0);

/**
 * The trunk whose PBX has this address, by the narrowest network that names one: nine look-ups at most. Null: nobody's, so a digest has to
 * tell.
 */
export const trunkAtAddress = (input: CallInput, lookup: Lookup): string | null => {
  const networks = networksAround(input.sourceAddress);
  for (let i = 0; i < networks.length; i++) {
    const entry = lookup('pbx', networks[i] || '');
    const trunkId = entry === null ? null : meantOf(readPbx(entry).trunks, input.requestUser);
    if (trunkId !== null) return trunkId;
  }
  return null;
};

/**
 * Which of the trunks that share an address or a digest user is meant: the tech prefix tells; a short number, which may be one for help, needs none
 * and goes by the first of them.
 */
export const meantOf = (trunks: readonly PbxTrunk[], user: string): string | null => {
  const meant = trunks.filter((t) => t.techPrefix === null || hasTechPrefix(user, t.techPrefix));
  const trunk = meant.length === 0 && MAYBE_HELP.test(user) ? trunks[0] : meant[0];
  return trunk === undefined ? null : trunk.trunkId;
};
