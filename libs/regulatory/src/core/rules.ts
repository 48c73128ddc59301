import { END_USERS } from './rule.ts';
import type { EndUser, Nearness, RegulatedType, RegulatoryRule, Requirement } from './rule.ts';

// A starting set of what carriers commonly ask for, to be checked by the operator with its own carriers and counsel before anybody relies on it.

const text = (code: string, title: string, pattern: string | null = null): Requirement => ({ kind: 'text', code, title, pattern });
const address = (nearness: Nearness): Requirement => ({ kind: 'address', code: 'address', title: 'Address of the end user', nearness });
const paper = (code: string, title: string, maxAgeDays: number | null = null): Requirement => ({
  kind: 'document',
  code,
  title,
  maxAgeDays,
});

const NAME = text('name', 'Name of the end user');
const IDENTITY = paper('identity_document', 'Passport, identity card or driving licence');
const REGISTRATION = paper('business_registration', 'Extract of the trade register', 365);
const ADDRESS_PROOF = paper('address_proof', 'Utility bill or the like that shows the address', 90);

/** Who an end user is: a person by an identity document, a company by its registration. */
const known = (endUser: EndUser): Requirement[] => [NAME, endUser === 'individual' ? IDENTITY : REGISTRATION];
type Asked = (endUser: EndUser) => readonly Requirement[];

const NOTHING: Asked = () => [];
const named =
  (nearness: Nearness): Asked =>
  () => [NAME, address(nearness)];
const proven =
  (nearness: Nearness): Asked =>
  (endUser) => [...known(endUser), address(nearness), ADDRESS_PROOF];
const withTax =
  (nearness: Nearness, tax: Requirement): Asked =>
  (endUser) => [...proven(nearness)(endUser), tax];

const SPANISH_TAX = text('tax_id', 'NIF, NIE or CIF', '^[A-Z0-9][0-9]{7}[A-Z0-9]$');
const ITALIAN_TAX = text('tax_id', 'Codice fiscale or partita IVA', '^([A-Z0-9]{16}|[0-9]{11})$');

/** By country, from when, what each type of number takes. A later entry of a country and type is its next version. */
const ASKED: readonly (readonly [country: string, effectiveFrom: string, types: Partial<Record<RegulatedType, Asked>>])[] = [
  ['US', '2020-01-01', { local: NOTHING, toll_free: NOTHING }],
  ['CA', '2020-01-01', { local: NOTHING, toll_free: NOTHING }],
  ['GB', '2020-01-01', { local: named('world'), national: named('world'), mobile: proven('world'), toll_free: named('world') }],
  ['DE', '2020-01-01', { local: named('area'), national: named('country'), toll_free: named('country') }],
  ['DE', '2021-12-01', { local: proven('area'), national: proven('country'), mobile: proven('country'), toll_free: proven('country') }],
  ['FR', '2020-01-01', { local: proven('country'), national: proven('country'), mobile: proven('country'), toll_free: named('country') }],
  ['ES', '2020-01-01', { local: withTax('area', SPANISH_TAX), national: withTax('country', SPANISH_TAX), toll_free: withTax('country', SPANISH_TAX) }],
  ['IT', '2020-01-01', { local: withTax('area', ITALIAN_TAX), national: withTax('country', ITALIAN_TAX), toll_free: withTax('country', ITALIAN_TAX) }],
  ['NL', '2020-01-01', { local: proven('area'), national: proven('country'), mobile: proven('world'), toll_free: proven('world') }],
  ['AU', '2020-01-01', { local: named('country'), national: named('country'), mobile: proven('country'), toll_free: named('world') }],
  ['JP', '2020-01-01', { local: proven('area'), national: proven('country'), toll_free: proven('country') }],
]; // prettier-ignore

const versionIn = (index: number, country: string, type: RegulatedType): number =>
  ASKED.slice(0, index + 1).filter(([c, , types]) => c === country && types[type]).length;

/** All rules there are, of all versions. */
export const RULES: readonly RegulatoryRule[] = ASKED.flatMap(([country, effectiveFrom, types], index) =>
  (Object.entries(types) as [RegulatedType, Asked][]).flatMap(([numberType, asked]) =>
    END_USERS.map((endUser) => ({
      country,
      numberType,
      endUser,
      version: versionIn(index, country, numberType),
      effectiveFrom,
      requirements: asked(endUser),
    })),
  ),
);
