/**
 * A checksum of a set of (key, value) pairs that does not depend on their order, so that it can be kept up to date row by row: the sum,
 * modulo 2^52, of a 52-bit hash of each pair. It finds drift between two copies; it does not resist somebody who wants a collision.
 */
const MODULUS = 2 ** 52;

export const EMPTY_CHECKSUM = 0;

export const addToChecksum = (sum: number, key: string, value: string): number => (sum + hash52(`${key}\n${value}`, 0)) % MODULUS;

export const removeFromChecksum = (sum: number, key: string, value: string): number =>
  (sum + MODULUS - hash52(`${key}\n${value}`, 0)) % MODULUS;

/** The form that `EdgeStatus.checksums` carries: 13 hex digits. */
export const formatChecksum = (sum: number): string => sum.toString(16).padStart(13, '0');

/** Checksum of a whole set at once. */
export const checksum = (pairs: Iterable<readonly [key: string, value: string]>): string => {
  let sum = EMPTY_CHECKSUM;
  for (const [key, value] of pairs) sum = addToChecksum(sum, key, value);
  return formatChecksum(sum);
};

/** A 52-bit string hash: two multiplicative 32-bit lanes mixed at the end as in MurmurHash3's finaliser. */
const hash52 = (text: string, seed: number): number => {
  let a = 0xdeadbeef ^ seed;
  let b = 0x41c6ce57 ^ seed;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    a = Math.imul(a ^ c, 2654435761);
    b = Math.imul(b ^ c, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return 2 ** 32 * (b & 0xfffff) + (a >>> 0);
};
