import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify(argon2);

/** OWASP's figures for argon2id: 19 MiB, two passes. More memory would let a few log-ins at a time take what the API has. */
const COST = { m: 19_456, t: 2, p: 1 };
const PHC = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{22})\$([A-Za-z0-9+/]{43})$/;

const unpadded = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '');
const phc = (salt: string, hash: string): string => `$argon2id$v=19$m=${COST.m},t=${COST.t},p=${COST.p}$${salt}$${hash}`;
const key = (password: string, nonce: Buffer, m: number, t: number, p: number): Promise<Buffer> =>
  derive('argon2id', { message: password.normalize('NFKC'), nonce, parallelism: p, tagLength: 32, memory: m, passes: t });

/** A password as it is kept: argon2id (RFC 9106) with a salt of its own, as a PHC string that says what it cost. */
export const hashPassword = async (password: string): Promise<string> => {
  const salt = randomBytes(16);
  return phc(unpadded(salt), unpadded(await key(password, salt, COST.m, COST.t, COST.p)));
};

// what a person without a password is compared with, so that the time of an answer does not tell who exists
const NOBODY = phc('A'.repeat(22), 'A'.repeat(43));

export const isPassword = async (password: string, kept: string | null): Promise<boolean> => {
  const [, m, t, p, salt = '', hash = ''] = PHC.exec(kept ?? NOBODY) ?? [];
  const given = await key(password, Buffer.from(salt, 'base64'), Number(m), Number(t), Number(p));
  return timingSafeEqual(given, Buffer.from(hash, 'base64')) && kept !== null;
};
