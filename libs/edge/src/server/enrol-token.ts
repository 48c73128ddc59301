import { createHash, randomBytes } from 'node:crypto';

const VALID_MS = 24 * 3_600_000;

/** 256 random bits; like an API key it is kept as a plain SHA-256. */
export const newEnrolToken = (now: Date): { readonly token: string; readonly hash: Buffer; readonly expiresAt: Date } => {
  const token = `tl_enrol_${randomBytes(32).toString('base64url')}`;
  return { token, hash: hashEnrolToken(token), expiresAt: new Date(now.getTime() + VALID_MS) };
};

/** What is kept of a token that was used: it can be told again, but only together with the key that it was used for. */
export const hashUsedToken = (token: string, publicKey: string): Buffer => hashEnrolToken(`${token}\n${publicKey}`);

export const hashEnrolToken = (token: string): Buffer => createHash('sha256').update(token).digest();
