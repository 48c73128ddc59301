import { randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import { hashToken } from './secret-token.ts';

const STEP_SECS = 30;
/** A step early or late: clocks of phones drift (RFC 6238 §5.2). */
const WINDOW = 1;

const totpOf = (key: string, label = ''): TOTP =>
  new TOTP({ issuer: 'Trunkline', label, algorithm: 'SHA1', digits: 6, period: STEP_SECS, secret: Secret.fromBase32(key) });

/** 160 random bits (RFC 4226 §4), as authenticator apps read them. */
export const newTotpKey = (): string => new Secret({ size: 20 }).base32;
export const totpUri = (key: string, email: string): string => totpOf(key, email).toString();

/** The time step that a code is of; undefined when it is wrong, or of a step no later than `lastStep`: no code is taken twice. */
export const stepOfCode = (key: string, code: string, now: Date, lastStep: bigint | null): bigint | undefined => {
  const delta = totpOf(key).validate({ token: code, timestamp: now.getTime(), window: WINDOW });
  if (delta === null) return undefined;
  const step = BigInt(Math.floor(now.getTime() / 1000 / STEP_SECS) + delta);
  return lastStep !== null && step <= lastStep ? undefined : step;
};

const RECOVERY_CODES = 10;
/** 80 random bits each, in base32, in groups that can be read out. */
export const newRecoveryCodes = (): string[] =>
  Array.from({ length: RECOVERY_CODES }, () =>
    new Secret({ buffer: Uint8Array.from(randomBytes(10)).buffer }).base32.toLowerCase().replace(/(.{4})(?=.)/g, '$1-'),
  );
export const hashRecoveryCode = (code: string): Buffer => hashToken(code.toLowerCase().replace(/[^a-z2-7]/g, ''));
