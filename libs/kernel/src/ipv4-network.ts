/** An IPv4 address, or a network in CIDR notation with no host bits set. An address is never written `/32`: each network has one spelling. */
export type Ipv4Network = string;

const PATTERN = /^((?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!\/|$)|(?=\/|$))){4})(?:\/(\d|[12]\d|3[012]))?$/;

/** First address, as a number, and number of addresses. */
const extent = (network: Ipv4Network): { first: number; size: number } | undefined => {
  const [, address, bits = '32'] = PATTERN.exec(network) ?? [];
  if (address === undefined) return undefined;
  const value = address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
  const size = 2 ** (32 - Number(bits));
  return { first: value - (value % size), size };
};

/** The one spelling of what `text` means; undefined when it is neither address nor network. */
export const canonicalNetwork = (text: string): Ipv4Network | undefined => {
  const e = extent(text);
  if (e === undefined) return undefined;
  const address = [24, 16, 8, 0].map((shift) => Math.floor(e.first / 2 ** shift) % 256).join('.');
  return e.size === 1 ? address : `${address}/${networkBits(text)}`;
};

/** How many leading bits the addresses of a network share: 32 for a single one. */
export const networkBits = (network: Ipv4Network): number => Number(network.split('/')[1] ?? 32);

export const networksOverlap = (a: Ipv4Network, b: Ipv4Network): boolean => {
  const [x, y] = [extent(a), extent(b)];
  return x !== undefined && y !== undefined && x.first < y.first + y.size && y.first < x.first + x.size;
};

/** As Postgres orders them: by address, the wider of two that begin alike first. */
export const compareNetworks = (a: Ipv4Network, b: Ipv4Network): number => {
  const [x, y] = [extent(a), extent(b)];
  return (x?.first ?? 0) - (y?.first ?? 0) || (y?.size ?? 0) - (x?.size ?? 0);
};
