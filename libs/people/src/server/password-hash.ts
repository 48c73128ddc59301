import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

type Scrypt = (
  password: string,
  salt: Buffer,
  length: number,
  options: { N: number; r: number; p: number; maxmem: number },
) => Promise<Buffer>;
const derive = promisify(scrypt) as unknown as Scrypt;

/** OWASP's figures for scrypt at 32 MiB: more memory would let four log-ins at a time take what the API has. */
const COST = { ln: 15, r: 8, p: 3 };
const PHC = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{22})\$([A-Za-z0-9+/]{43})$/;

const unpadded = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '');
const key = (password: string, salt: Buffer, ln: number, r: number, p: number): Promise<Buffer> =>
  derive(password.normalize('NFKC'), salt, 32, { N: 2 ** ln, r, p, maxmem: 2 ** ln * r * 128 * 2 });

/** A password as it is kept: scrypt (RFC 7914) with a salt of its own, as a PHC string that says what it cost. */
export const hashPassword = async (password: string): Promise<string> => {
  const salt = randomBytes(16);
  const { ln, r, p } = COST;
  return `$scrypt$ln=${ln},r=${r},p=${p}$${unpadded(salt)}$${unpadded(await key(password, salt, ln, r, p))}`;
};

// what a person without a password is compared with, so that the time of an answer does not tell who exists
const NOBODY = `$scrypt$ln=${COST.ln},r=${COST.r},p=${COST.p}$${'A'.repeat(22)}$${'A'.repeat(43)}`;

export const isPassword = async (password: string, kept: string | null): Promise<boolean> => {
  const [, ln, r, p, salt = '', hash = ''] = PHC.exec(kept ?? NOBODY) ?? [];
  const given = await key(password, Buffer.from(salt, 'base64'), Number(ln), Number(r), Number(p));
  return timingSafeEqual(given, Buffer.from(hash, 'base64')) && kept !== null;
};
