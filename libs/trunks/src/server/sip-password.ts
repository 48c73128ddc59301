import { createHash, randomInt } from 'node:crypto';
import type { Sealer } from '@trunkline/platform';
import { ha1Input } from '../core/digest.ts';

/** The digest realm of the whole platform. Changing it would invalidate every HA1, so it is fixed at installation. */
export const SIP_REALM = Symbol('SipRealm');

const LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789'; // no l, o, 0, 1: people type these into phones
const random = (length: number): string => Array.from({ length }, () => LETTERS.charAt(randomInt(LETTERS.length))).join('');

export const newUsername = (): string => `tl${random(14)}`;

/** What a sealed HA1 is bound to. */
export const ha1Context = (credentialId: string): string => `trunk_credential:${credentialId}`;

/** 26 characters, 130 bits, to be shown once; and its two HA1, sealed. */
export const newPassword = (credential: { readonly id: string; readonly username: string }, realm: string, sealer: Sealer) => {
  const password = random(26);
  const secret = ha1Input(credential.username, realm, password);
  const sealed = (algorithm: string) => sealer.seal(createHash(algorithm).update(secret).digest('hex'), ha1Context(credential.id));
  return { password, md5: sealed('md5'), sha256: sealed('sha256') };
};
