import type { TrunkValue } from '../entries/entry-values.ts';
import { readNumber } from '../entries/read-entry.ts';
import { dialledNumber } from '../numbering/dialled-number.ts';
import type { CallInput, Lookup } from './call.ts';

/** The number of the tenant's own that the call presents: P-Asserted-Identity before From. Null when neither is one. */
export const ownCallerId = (input: CallInput, trunk: TrunkValue, lookup: Lookup): string | null =>
  (input.assertedUser === null ? null : own(input.assertedUser, trunk, lookup)) || own(input.fromUser, trunk, lookup);

/**
 * What an outbound call may present. A From that is no telephone number at all (a user name, `anonymous`) takes the trunk's default; a
 * number of somebody else's is refused (null), or takes the default where the trunk's policy is `replace`.
 */
export const presentedCallerId = (input: CallInput, trunk: TrunkValue, lookup: Lookup): string | null => {
  const mine = ownCallerId(input, trunk, lookup);
  if (mine !== null) return mine;
  const claimsNumber = /[0-9]{3}/.test(input.assertedUser === null ? input.fromUser : input.fromUser + ' ' + input.assertedUser);
  return claimsNumber && trunk.callerIdPolicy === 'reject' ? null : ownDefault(trunk, lookup);
};

/** The default counts only while the number is the tenant's: one given back is somebody else's tomorrow. */
export const ownDefault = (trunk: TrunkValue, lookup: Lookup): string | null =>
  trunk.defaultCallerId === null ? null : own(trunk.defaultCallerId, trunk, lookup);

const own = (user: string, trunk: TrunkValue, lookup: Lookup): string | null => {
  const digits = dialledNumber(user, trunk.plan);
  const entry = digits === null ? null : lookup('number', digits);
  return entry !== null && readNumber(entry).tenantId === trunk.tenantId ? '+' + digits : null;
};
