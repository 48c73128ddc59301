import type { TrunkValue } from '../entries/entry-values.ts';
import { readCredential, readTrunk } from '../entries/read-entry.ts';
import type { Lookup } from './call.ts';
import { isAtNetwork } from './pbx-address.ts';
import { REJECT } from './reject-reasons.ts';
import type { RejectReason } from './reject-reasons.ts';

/** A REGISTER whose password was right. */
export type RegistrationInput = {
  readonly sourceAddress: string;
  readonly user: string;
  readonly expiresSecs: number; // what it asks for; 0 ends it
};

/** Every trunk of the digest user gets the contact; the strictest of their limits holds. */
export type RegistrationDecision =
  | { readonly action: 'reject'; readonly reason: RejectReason }
  | { readonly action: 'too_brief'; readonly expiresMinSecs: number }
  | { readonly action: 'save'; readonly trunkIds: readonly string[]; readonly contactsMax: number; readonly expiresSecs: number };

/** A registration that asks for less than a minute is given one, unless its trunk says what is too brief. */
export const REGISTRATION_DEFAULTS = { contactsMax: 5, expiresMinSecs: 0, expiresMaxSecs: 3600 } as const;
/** As many trunks of a shared digest user get its contact. */
const MOST_TRUNKS = 20;

type Limits = { readonly contactsMax: number; readonly expiresMinSecs: number; readonly expiresMaxSecs: number };

/** What to do with it. Pure, as `decide`. @throws Error on an entry that cannot be read */
export const decideRegistration = (input: RegistrationInput, lookup: Lookup): RegistrationDecision => {
  const entry = lookup('credential', input.user);
  if (entry === null) return { action: 'reject', reason: REJECT.unknownTrunk };
  const { trunkId, trunks } = readCredential(entry);
  const named = trunks === undefined ? [trunkId] : trunks.slice(0, MOST_TRUNKS).map((t) => t.trunkId);
  const known = named.map((id) => ({ id, entry: lookup('trunk', id) })).filter((t) => t.entry !== null);
  const open = known.map((t) => ({ id: t.id, trunk: readTrunk(t.entry || '') })).filter((t) => isOpenTo(input, t.trunk));
  if (open.length === 0) return { action: 'reject', reason: known.length === 0 ? REJECT.unknownTrunk : REJECT.addressNotAllowed };
  const { contactsMax, expiresMinSecs, expiresMaxSecs } = open.map((t) => limitsOf(t.trunk)).reduce(strictest);
  if (input.expiresSecs > 0 && input.expiresSecs < expiresMinSecs) return { action: 'too_brief', expiresMinSecs };
  const expiresSecs = Math.min(input.expiresSecs, Math.max(expiresMinSecs, expiresMaxSecs));
  return { action: 'save', trunkIds: open.map((t) => t.id), contactsMax, expiresSecs };
};

const isOpenTo = (input: RegistrationInput, { onlyFrom }: TrunkValue): boolean =>
  onlyFrom === null || isAtNetwork(input.sourceAddress, onlyFrom);

const limitsOf = ({ registration: { contactsMax, expiresMinSecs, expiresMaxSecs } }: TrunkValue): Limits => ({
  contactsMax: contactsMax === null ? REGISTRATION_DEFAULTS.contactsMax : contactsMax,
  expiresMinSecs: expiresMinSecs === null ? REGISTRATION_DEFAULTS.expiresMinSecs : expiresMinSecs,
  expiresMaxSecs: expiresMaxSecs === null ? REGISTRATION_DEFAULTS.expiresMaxSecs : expiresMaxSecs,
});

const strictest = (a: Limits, b: Limits): Limits => ({
  contactsMax: Math.min(a.contactsMax, b.contactsMax),
  expiresMinSecs: Math.max(a.expiresMinSecs, b.expiresMinSecs),
  expiresMaxSecs: Math.min(a.expiresMaxSecs, b.expiresMaxSecs),
});
