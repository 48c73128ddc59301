/** An IPv4 or IPv6 address, or a network in CIDR notation (RFC 4632, RFC 4291 §2.3) with no host bits set. */
export type IpNetwork = string;

type Extent = { readonly length: 32 | 128; readonly bits: number; readonly address: bigint };

const V4 = /^(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}$/;
const GROUP = /^[0-9A-Fa-f]{1,4}$/;
const BITS = /^(?:0|[1-9]\d{0,2})$/;

const v4 = (text: string): bigint | undefined =>
  V4.test(text) ? text.split('.').reduce((sum, octet) => sum * 256n + BigInt(octet), 0n) : undefined;

/** The groups of one side of `::`; a trailing IPv4 address (RFC 4291 §2.2) is two of them. */
const groups = (side: string): string[] => {
  if (side === '') return [];
  const parts = side.split(':');
  const tail = v4(parts.at(-1) ?? '');
  if (tail === undefined) return parts;
  return [...parts.slice(0, -1), (tail >> 16n).toString(16), (tail & 0xffffn).toString(16)];
};

const v6 = (text: string): bigint | undefined => {
  const sides = text.split('::');
  const [head, tail] = [groups(sides[0] ?? ''), groups(sides[1] ?? '')];
  const missing = 8 - head.length - tail.length;
  if (sides.length > 2 || (sides.length === 2 ? missing < 1 : missing !== 0)) return undefined;
  const all = [...head, ...Array<string>(missing).fill('0'), ...tail];
  return all.every((g) => GROUP.test(g)) ? all.reduce((sum, g) => sum * 65_536n + BigInt(`0x${g}`), 0n) : undefined;
};

const MAPPED = 0xffffn << 32n; // ::ffff:0:0/96, RFC 4291 §2.5.5.2: how a dual-stack socket shows an IPv4 peer

const addressOf = (text: string): Pick<Extent, 'length' | 'address'> | undefined => {
  const four = v4(text);
  if (four !== undefined) return { length: 32, address: four };
  const six = v6(text);
  if (six === undefined) return undefined;
  return six >> 32n === MAPPED >> 32n ? { length: 32, address: six & 0xffffffffn } : { length: 128, address: six };
};

const extentOf = (text: string): Extent | undefined => {
  const [whole = '', bitsText, ...rest] = text.split('/');
  const found = addressOf(whole);
  if (!found || rest.length > 0 || (bitsText !== undefined && !BITS.test(bitsText))) return undefined;
  const bits = bitsText === undefined ? found.length : Number(bitsText);
  const hostBits = found.length - bits;
  if (hostBits < 0 || (found.address & ((1n << BigInt(hostBits)) - 1n)) !== 0n) return undefined;
  return { ...found, bits };
};

/** Whether this is an address or a network, and a network without host bits. */
export const isIpNetwork = (text: string): text is IpNetwork => extentOf(text) !== undefined;

/** Whether all of `inner` (an address or a network) lies within `outer`. An IPv4 address is the same when it is written as mapped into IPv6. */
export const networkHolds = (outer: IpNetwork, inner: IpNetwork): boolean => {
  const [o, i] = [extentOf(outer), extentOf(inner)];
  if (!o || !i || o.length !== i.length || i.bits < o.bits) return false;
  const shift = BigInt(o.length - o.bits);
  return o.address >> shift === i.address >> shift;
};
