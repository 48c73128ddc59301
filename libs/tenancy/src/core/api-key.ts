/** `tl_live_` + 30 random base62 characters + 6 of checksum: scanners recognise a leaked key, and a typo is refused without a look-up. */
const PREFIX = 'tl_live_';
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const BODY = 30;
const CHECK = 6;

/** FNV-1a, 32 bits: it guards against typos, not against people. */
const checksum = (body: string): string => {
  let h = 0x811c9dc5;
  for (let i = 0; i < body.length; i++) h = Math.imul(h ^ body.charCodeAt(i), 0x01000193) >>> 0;
  let out = '';
  for (let i = 0; i < CHECK; i++) {
    out = ALPHABET.charAt(h % 62) + out;
    h = Math.floor(h / 62);
  }
  return out;
};

/** @param random at least 60 random bytes; those that would bias the alphabet are skipped */
export const apiKeyFrom = (random: Uint8Array): string => {
  const fair = [...random].filter((b) => b < 248).slice(0, BODY);
  if (fair.length < BODY) throw new Error('not enough random bytes for an API key');
  const body = fair.map((b) => ALPHABET.charAt(b % 62)).join('');
  return PREFIX + body + checksum(body);
};

export const isWellFormedApiKey = (key: string): boolean => {
  if (!key.startsWith(PREFIX) || key.length !== PREFIX.length + BODY + CHECK) return false;
  const body = key.slice(PREFIX.length, PREFIX.length + BODY);
  return checksum(body) === key.slice(PREFIX.length + BODY);
};

/** What may be shown of a key afterwards. */
export const apiKeyHint = (key: string): string => `${key.slice(0, PREFIX.length + 4)}…${key.slice(-4)}`;
