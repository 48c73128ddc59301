import type { CarrierRequirement, PortRequest } from '../../core/porting-carrier.ts';
import type { TelnyxRequirementType } from './telnyx-port-answers.ts';

/** Telnyx names what it asks for people to read. What such a name means of our fields and documents; the first that fits. */
const FIELDS: readonly (readonly [RegExp, string])[] = [
  [/account (number|no\b|id)/i, 'account_number'],
  [/\b(pin|pac|rio)\b|pass ?code|migration code|codice di migrazione/i, 'pin'],
  [/authori[sz]ed (person|signer|signatory|contact)/i, 'signer_name'],
  [/tax|\bvat\b|\bn\.?i\.?[fe]\b|codice fiscale|partita iva/i, 'tax_id'],
  [/(company|business|commercial).*(registration|identif|number)|\b(siret|abn|kvk)\b/i, 'business_registration'],
  [/(date of birth|birth ?date)/i, 'date_of_birth'],
  [/(entity|customer|subscriber|end.?user|company|business) name/i, 'subscriber_name'],
];
const DOCUMENTS: readonly (readonly [RegExp, 'letter_of_authority' | 'bill'])[] = [
  [/letter of auth|\bc?loa\b/i, 'letter_of_authority'],
  [/invoice|\bbill\b|phone bill/i, 'bill'],
];

/** A requirement of Telnyx in our words. */
export const requirementOf = ({ name, description, type }: TelnyxRequirementType): CarrierRequirement => {
  const kind = type === 'document' ? 'document' : 'field';
  const known = (kind === 'document' ? DOCUMENTS : FIELDS).find(([pattern]) => pattern.test(name));
  return { kind, name: known?.[1] ?? null, label: name, help: description ?? '' };
};

type Asked = { readonly field_value?: string | null | undefined; readonly requirement_type: TelnyxRequirementType };

/** What an order's requirements are met by, as far as we know what they mean. @param documents the ids that its documents have there */
export const requirementValues = (
  all: readonly Asked[],
  { fields }: Pick<PortRequest, 'fields'>,
  documents: Readonly<Partial<Record<'loa' | 'invoice', string>>>,
): { requirement_type_id: string; field_value: string }[] =>
  all.flatMap(({ field_value: has, requirement_type: type }) => {
    const { kind, name } = requirementOf(type);
    const value = kind === 'field' ? fields[name ?? ''] : name === 'bill' ? documents.invoice : name && documents.loa;
    return value && value !== has ? [{ requirement_type_id: type.id, field_value: value }] : [];
  });
