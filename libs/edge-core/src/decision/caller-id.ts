import { verifiedKey } from '../entries/entry-values.ts';
import type { TrunkValue } from '../entries/entry-values.ts';
import { readNumber, readPresence, readVerified } from '../entries/read-entry.ts';
import { dialledNumber } from '../numbering/dialled-number.ts';
import type { CallerIdRight } from './attestation.ts';
import type { CallInput, Lookup } from './call.ts';
import { nearestNumber } from './local-presence.ts';

/** A number that a call may present, and by what right. */
export type PresentedNumber = {
  readonly e164: string;
  readonly right: CallerIdRight;
  readonly emergencyMissing: boolean; // help would not know where to go: see the number's entry
};

/** The number of the tenant's own that the call presents: P-Asserted-Identity before From. Null when neither is one. */
export const ownCallerId = (input: CallInput, trunk: TrunkValue, lookup: Lookup): string | null => {
  const found = firstOf(input, (user) => own(dialledNumber(user, trunk.plan), trunk, lookup));
  return found === null ? null : found.e164;
};

/**
 * What an outbound call may present. A From that is no telephone number at all (a user name, `anonymous`) takes the trunk's default; a
 * number of somebody else's is refused (null), unless the trunk passes those that were verified, or takes the default where the policy is `replace`.
 */
export const presentedCallerId = (input: CallInput, trunk: TrunkValue, lookup: Lookup): PresentedNumber | null => {
  const mine = firstOf(input, (user) => allowed(dialledNumber(user, trunk.plan), trunk, lookup));
  if (mine !== null) return mine;
  const claimsNumber = /[0-9]{3}/.test(input.assertedUser === null ? input.fromUser : input.fromUser + ' ' + input.assertedUser);
  return claimsNumber && trunk.callerIdPolicy === 'reject' ? null : defaultOf(trunk, lookup);
};

/** The number of the trunk's pool that is local to whom is called; null: none is, or the trunk has no pool. */
export const localCallerId = (trunkId: string, trunk: TrunkValue, called: string, lookup: Lookup): PresentedNumber | null => {
  const entry = trunk.localPresence ? lookup('presence', trunkId) : null;
  return entry === null ? null : own(nearestNumber(readPresence(entry).numbers, called), trunk, lookup);
};

/** The default counts only while the number is the tenant's: one given back is somebody else's tomorrow. */
export const ownDefault = (trunk: TrunkValue, lookup: Lookup): string | null => {
  const found = defaultOf(trunk, lookup);
  return found === null ? null : found.e164;
};

const defaultOf = (trunk: TrunkValue, lookup: Lookup): PresentedNumber | null =>
  trunk.defaultCallerId === null ? null : own(dialledNumber(trunk.defaultCallerId, trunk.plan), trunk, lookup);

const firstOf = (input: CallInput, find: (user: string) => PresentedNumber | null): PresentedNumber | null =>
  (input.assertedUser === null ? null : find(input.assertedUser)) || find(input.fromUser);

const allowed = (digits: string | null, trunk: TrunkValue, lookup: Lookup): PresentedNumber | null =>
  own(digits, trunk, lookup) || (trunk.passVerified ? verified(digits, trunk, lookup) : null);

const own = (digits: string | null, trunk: TrunkValue, lookup: Lookup): PresentedNumber | null => {
  const entry = digits === null ? null : lookup('number', digits);
  if (entry === null) return null;
  const number = readNumber(entry);
  return number.tenantId === trunk.tenantId ? { e164: '+' + digits, right: 'own', emergencyMissing: number.emergencyMissing } : null;
};

const verified = (digits: string | null, trunk: TrunkValue, lookup: Lookup): PresentedNumber | null => {
  const entry = digits === null ? null : lookup('verified', verifiedKey(trunk.tenantId, digits));
  return entry === null ? null : { e164: '+' + digits, right: readVerified(entry).right, emergencyMissing: false };
};
