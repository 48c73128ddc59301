import type { PortableType } from '@trunkline/carriers';
import { fieldOf } from './port-fields.ts';
import type { PortField, PortFieldName } from './port-fields.ts';

export const PORT_CUSTOMERS = ['business', 'residential'] as const;
export type PortCustomer = (typeof PORT_CUSTOMERS)[number];
export const PORT_DOCUMENT_KINDS = ['letter_of_authority', 'bill'] as const;
export type PortDocumentKind = (typeof PORT_DOCUMENT_KINDS)[number];

/** Whose port it is: what has to be told depends on all of it. */
export type PortProfile = {
  readonly country: string;
  readonly type: PortableType;
  readonly customer: PortCustomer;
  readonly simple: boolean;
};

export type FieldRequirement = PortField & { readonly name: PortFieldName; readonly required: boolean };
export type DocumentRequirement = { readonly kind: PortDocumentKind; readonly maxAgeDays: number };
export type PortRequirements = { readonly fields: readonly FieldRequirement[]; readonly documents: readonly DocumentRequirement[] };

/** `needs` must be told, `takes` may be. A row applies to the types, customers and simplicity that it names, or to all. */
type Row = {
  readonly types: readonly PortableType[];
  readonly customer?: PortCustomer;
  readonly simple?: boolean;
  readonly needs: readonly PortFieldName[];
  readonly takes?: readonly PortFieldName[];
  readonly documents: readonly DocumentRequirement[];
};

const FIXED = ['local', 'national'] as const;
const SPECIAL = ['toll_free', 'shared_cost'] as const;
const ALL = [...FIXED, 'mobile', ...SPECIAL] as const;
const LETTER: DocumentRequirement = { kind: 'letter_of_authority', maxAgeDays: 30 };
const bill = (maxAgeDays: number): DocumentRequirement => ({ kind: 'bill', maxAgeDays });

const HOLDER = ['subscriber_name', 'signer_name'] as const;
const PLACE = ['service_address', 'city', 'postal_code'] as const;
const ACCOUNT = ['billing_number', 'remaining_numbers'] as const;

const RESPONSIBLE: Row = {
  types: ['toll_free'],
  customer: 'business', // a toll-free number has no resident, no billing number and no part that stays
  needs: [...HOLDER, ...PLACE, 'state', 'responsible_organisation'],
  takes: ['account_number'],
  documents: [LETTER, bill(90)],
};

/** By country; of its rows the first that fits. */
const ROWS: Readonly<Record<string, readonly Row[]>> = {
  US: [
    // 47 CFR 52.36: of a simple port the losing carrier may ask no more than the account, the ZIP code, and a PIN that was set
    { types: FIXED, simple: true, needs: [...HOLDER, 'account_number', 'postal_code'], takes: ['pin'], documents: [LETTER] },
    {
      types: FIXED,
      needs: [...HOLDER, 'account_number', ...PLACE, 'state', ...ACCOUNT],
      takes: ['pin', 'new_billing_number'],
      documents: [LETTER, bill(30)],
    },
    { types: ['mobile'], needs: [...HOLDER, 'account_number', 'pin', 'postal_code'], documents: [LETTER] },
    RESPONSIBLE,
  ],
  CA: [
    {
      types: FIXED,
      needs: [...HOLDER, 'account_number', ...PLACE, 'state'],
      takes: ['pin', ...ACCOUNT, 'new_billing_number'],
      documents: [LETTER, bill(90)],
    },
    { types: ['mobile'], needs: [...HOLDER, 'account_number', 'postal_code'], takes: ['pin'], documents: [LETTER] },
    RESPONSIBLE,
  ],
  GB: [
    { types: ['mobile'], needs: ['subscriber_name', 'pin'], documents: [] },
    {
      types: ['local'],
      customer: 'residential',
      needs: ['subscriber_name', 'service_address', 'postal_code', 'losing_provider_code'],
      takes: ['property_reference', 'account_number'],
      documents: [],
    },
    {
      types: [...FIXED, ...SPECIAL],
      needs: [...HOLDER, 'billing_number', 'service_address', 'postal_code', 'losing_provider_code', 'range_holder_code'],
      takes: ['city', 'account_number', 'remaining_numbers', 'new_billing_number'],
      documents: [LETTER],
    },
  ],
  DE: [
    { types: ['mobile'], needs: ['subscriber_name', 'date_of_birth'], takes: ['account_number'], documents: [LETTER] },
    {
      types: ALL,
      needs: [...HOLDER, ...PLACE, 'losing_provider_code', 'remaining_numbers'],
      takes: ['account_number', 'billing_number', 'new_billing_number'],
      documents: [LETTER],
    },
  ],
  FR: [
    { types: ALL, customer: 'business', needs: [...HOLDER, 'pin', 'business_registration', ...PLACE], documents: [LETTER] },
    { types: ALL, needs: [...HOLDER, 'pin', ...PLACE], documents: [LETTER] },
  ],
  ES: [{ types: ALL, needs: [...HOLDER, 'tax_id', ...PLACE], takes: ['account_number'], documents: [LETTER, bill(90)] }],
  IT: [{ types: ALL, needs: [...HOLDER, 'pin', 'tax_id', ...PLACE], takes: ['account_number'], documents: [LETTER, bill(90)] }],
  NL: [
    { types: ALL, customer: 'business', needs: [...HOLDER, 'account_number', 'business_registration', ...PLACE], documents: [LETTER] },
    { types: ALL, needs: [...HOLDER, 'account_number', ...PLACE], documents: [LETTER] },
  ],
  AU: [
    { types: ['mobile'], customer: 'residential', needs: [...HOLDER, 'account_number', 'date_of_birth'], documents: [LETTER] },
    {
      types: ALL,
      customer: 'business',
      needs: [...HOLDER, 'account_number', 'business_registration', ...PLACE, 'state'],
      takes: ['remaining_numbers', 'billing_number', 'new_billing_number'],
      documents: [LETTER, bill(90)],
    },
    { types: ALL, needs: [...HOLDER, 'account_number', ...PLACE, 'state'], takes: ['remaining_numbers'], documents: [LETTER, bill(90)] },
  ],
};
export const PORT_COUNTRIES: readonly string[] = Object.keys(ROWS);

const fits = (row: Row, { type, customer, simple }: PortProfile): boolean =>
  row.types.includes(type) && (row.customer ?? customer) === customer && (row.simple ?? simple) === simple;

const described = (name: PortFieldName, country: string, required: boolean): FieldRequirement => ({
  name,
  required,
  ...fieldOf(name, country),
});

/** What an order of this kind has to tell, and show; undefined where such numbers cannot be ported. */
export const portRequirements = (profile: PortProfile): PortRequirements | undefined => {
  const row = ROWS[profile.country]?.find((r) => fits(r, profile));
  if (!row) return undefined;
  const { needs, takes = [], documents } = row;
  const fields = [
    ...needs.map((name) => described(name, profile.country, true)),
    ...takes.map((name) => described(name, profile.country, false)),
  ];
  return { fields, documents };
};
