import type { RegulatoryRule, Requirement } from './rule.ts';

export type Address = {
  readonly line: string;
  readonly city: string;
  readonly postalCode: string;
  readonly country: string;
  readonly areaCode: string | null; // of the numbers of its place
};
export type Paper = { readonly documentId: string; readonly issuedOn: string | null; readonly expiresOn: string | null };
/** What a bundle holds for one requirement. */
export type BundleItem = { readonly code: string } & (
  { readonly text: string } | { readonly address: Address } | { readonly document: Paper }
);

export const FAULTS = [
  'missing',
  'wrong_kind',
  'malformed',
  'wrong_country',
  'wrong_area',
  'undated',
  'too_old',
  'expired',
  'removed',
] as const;
export type Fault = (typeof FAULTS)[number];
export type Finding = { readonly code: string; readonly title: string; readonly fault: Fault | null };
/** `validUntil`: the day that the first of its documents expires; null: none does. */
export type Evaluation = { readonly compliant: boolean; readonly findings: readonly Finding[]; readonly validUntil: string | null };

/** What a bundle is held against: the day, the documents that there are, and the area of a number if it is about one. */
export type Circumstances = {
  readonly today: string;
  readonly documents: ReadonlySet<string>;
  readonly areaCode?: string | undefined;
};

const DAY_MS = 86_400_000;

/** Holds what a bundle has against what a rule asks for, and names each thing that is missing or wrong. Without a rule nothing is asked for. */
export const evaluate = (rule: RegulatoryRule | undefined, items: readonly BundleItem[], at: Circumstances): Evaluation => {
  const findings = (rule?.requirements ?? []).map((requirement) => {
    const { code, title } = requirement;
    return { code, title, fault: faultOf(requirement, items.find((item) => item.code === code), rule?.country ?? '', at) }; // prettier-ignore
  });
  const expiries = items.flatMap((item) => ('document' in item && item.document.expiresOn ? [item.document.expiresOn] : [])).sort();
  return { compliant: findings.every(({ fault }) => fault === null), findings, validUntil: expiries[0] ?? null };
};

const faultOf = (requirement: Requirement, item: BundleItem | undefined, country: string, at: Circumstances): Fault | null => {
  if (!item) return 'missing';
  if (requirement.kind === 'text') return 'text' in item ? textFault(requirement.pattern, item.text) : 'wrong_kind';
  if (requirement.kind === 'address')
    return 'address' in item ? addressFault(requirement.nearness, item.address, country, at.areaCode) : 'wrong_kind';
  return 'document' in item ? documentFault(requirement.maxAgeDays, item.document, at) : 'wrong_kind';
};

const textFault = (pattern: string | null, text: string): Fault | null =>
  pattern === null || new RegExp(pattern).test(text) ? null : 'malformed';

const addressFault = (nearness: string, address: Address, country: string, areaCode: string | undefined): Fault | null => {
  if (nearness === 'world') return null;
  if (address.country !== country) return 'wrong_country';
  if (nearness === 'country') return null;
  return address.areaCode === null || (areaCode !== undefined && address.areaCode !== areaCode) ? 'wrong_area' : null;
};

const documentFault = (maxAgeDays: number | null, { documentId, issuedOn, expiresOn }: Paper, at: Circumstances): Fault | null => {
  if (!at.documents.has(documentId)) return 'removed';
  if (expiresOn !== null && expiresOn <= at.today) return 'expired';
  if (maxAgeDays === null) return null;
  if (issuedOn === null) return 'undated';
  const ageDays = (Date.parse(at.today) - Date.parse(issuedOn)) / DAY_MS;
  return ageDays > maxAgeDays ? 'too_old' : null;
};
