import type { CarrierRequirement, PortableType } from '@trunkline/carriers';
import { AppError } from '@trunkline/kernel';
import type { FieldError } from '@trunkline/kernel';
import { withCarriers } from './carrier-asks.ts';
import { portingErrors } from './errors.ts';
import { letterFault } from './letter-of-authority.ts';
import type { LetterFault, LetterSignature } from './letter-of-authority.ts';
import { portRequirements } from './port-requirements.ts';
import type { PortCustomer, PortDocumentKind, PortProfile } from './port-requirements.ts';
import { validatePort } from './validate-port.ts';

/** A document of an order. A letter is about the numbers that it was made for; one that was signed here says who signed it. */
export type PortPaper = {
  readonly kind: PortDocumentKind;
  readonly datedAt: Date;
  readonly numbersHash: string | null;
  readonly signature: Pick<LetterSignature, 'signerName'> | null;
};

/** An order, as far as a carrier would look at it. `fields` has the PIN too. */
export type PortSheet = {
  readonly country: string | null;
  readonly numberType: PortableType | null;
  readonly customer: PortCustomer;
  readonly numbers: readonly string[];
  readonly numbersHash: string; // of these numbers
  readonly fields: Readonly<Record<string, string>>;
  readonly papers: readonly PortPaper[];
  readonly carrierAsks: readonly CarrierRequirement[]; // beside what the country does
};

/** A port is taken for simple (47 CFR 52.21) when it is of one number and its account says of no other; null: the carrier was not asked yet. */
export const profileOf = ({ country, numberType, customer, numbers, fields }: PortSheet): PortProfile | null => {
  if (country === null || numberType === null) return null;
  const alone = numbers.length === 1 && (fields['remaining_numbers'] ?? 'none') === 'none';
  return { country, type: numberType, customer, simple: alone };
};

/** Why a letter is none for this order as it is now; null: it is one. */
const voidBecause = (paper: PortPaper, { numbersHash, fields }: PortSheet, now: Date): LetterFault | 'other_signer' | null => {
  const signer = fields['signer_name'];
  const signedAs = paper.signature?.signerName;
  if (signedAs !== undefined && signer !== undefined && !isSamePerson(signedAs, signer)) return 'other_signer';
  return letterFault({ numbersHash: paper.numbersHash ?? '', signedAt: paper.datedAt }, numbersHash, now);
};

/** Case and spaces make no other person. */
export const isSamePerson = (a: string, b: string): boolean => essence(a) === essence(b);
const essence = (name: string): string => name.normalize('NFC').trim().replace(/\s+/gu, ' ').toLowerCase();

const LETTER_FAULTS: Readonly<Record<LetterFault | 'other_signer', string>> = {
  unsigned: 'It must be signed',
  list_changed: 'It was signed for other numbers: it must be signed again',
  other_signer: 'Somebody else signed it than the order names: it must be signed again',
  signed_in_the_future: 'Its date has not come yet',
  too_old: 'It is older than 30 days: it must be signed again',
};

const letterFaults = (sheet: PortSheet, now: Date): readonly FieldError[] => {
  const letters = sheet.papers.filter((paper) => paper.kind === 'letter_of_authority');
  const reasons = letters.map((letter) => voidBecause(letter, sheet, now));
  if (letters.length > 0 && reasons.every((reason) => reason !== null)) {
    const code = reasons.at(-1)!; // of the latest one
    return [{ pointer: '/documents/letter_of_authority', code, detail: LETTER_FAULTS[code] }];
  }
  return letters.length > 0 ? [] : [{ pointer: '/documents/letter_of_authority', code: 'unsigned', detail: LETTER_FAULTS.unsigned }];
};

/**
 * What an order lacks, or has wrong, before a carrier can have it; each with the field it is about. What orders of another kind would tell (a project
 * gives all of its orders the same) is not looked at. Before the portability check nothing is known to be missing.
 */
export const orderFaults = (sheet: PortSheet, now: Date): readonly FieldError[] => {
  const profile = profileOf(sheet);
  if (profile === null) return [];
  const ours = portRequirements(profile);
  const requirements = ours && withCarriers(ours, sheet.carrierAsks, profile.country);
  const told = new Set<string>(requirements?.fields.map((f) => f.name));
  const fields = Object.fromEntries(Object.entries(sheet.fields).filter(([name]) => told.has(name)));
  const form = { profile, numbers: sheet.numbers, fields, documents: sheet.papers, carrierAsks: sheet.carrierAsks };
  const faults = validatePort(form, now).filter((f) => f.pointer !== '/documents/letter_of_authority');
  const signed = requirements?.documents.some((d) => d.kind === 'letter_of_authority') ?? false;
  return signed ? [...faults, ...letterFaults(sheet, now)] : faults;
};

/** @throws AppError port_order.incomplete with each fault */
export const demandWhole = (faults: readonly FieldError[]): void => {
  if (faults.length > 0) throw new AppError(portingErrors.incomplete, undefined, { errors: faults });
};
