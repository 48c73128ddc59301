/** What the losing carrier knows its customer by, as an order names it. Every one is text; `pattern` is whole, `help` says where to find it. */
export type PortField = { readonly help: string; readonly pattern: string; readonly example: string };

const TEXT = (max: number): string => `[^\\p{Cc}]{1,${max}}`;
const PHONE = '\\+[1-9]\\d{5,14}';

export const PORT_FIELDS = {
  subscriber_name: {
    help: 'The name of the account’s holder, letter by letter as on the bill',
    pattern: TEXT(80),
    example: 'Northwind Traders Inc.',
  },
  signer_name: {
    help: 'Whoever may decide for the account and signs the letter of authority',
    pattern: TEXT(80),
    example: 'Jane Doe',
  },
  account_number: {
    help: 'The number of the account at the losing carrier, as on the bill; not the telephone number',
    pattern: '[A-Za-z0-9 -]{1,40}',
    example: '4471-0098',
  },
  pin: {
    help: 'The PIN of the account, or a number transfer PIN where the carrier gives one out for each port',
    pattern: '[A-Za-z0-9]{4,10}',
    example: '824719',
  },
  billing_number: { help: 'The main number of the account, in E.164', pattern: PHONE, example: '+12125550100' },
  new_billing_number: {
    help: 'The number of the account that becomes its main one, when the old one leaves and others stay',
    pattern: PHONE,
    example: '+12125550199',
  },
  remaining_numbers: {
    help: 'What becomes of the account’s other numbers: none (there are none), keep or disconnect',
    pattern: 'none|keep|disconnect',
    example: 'none',
  },
  service_address: { help: 'Street and house number where the service is', pattern: TEXT(120), example: '350 Fifth Avenue' },
  city: { help: 'The city of that address', pattern: TEXT(60), example: 'New York' },
  state: { help: 'The state of that address, in two letters', pattern: '[A-Z]{2}', example: 'NY' },
  postal_code: { help: 'The postal code of that address', pattern: '[A-Z0-9 -]{3,10}', example: '10118' },
  responsible_organisation: {
    help: 'The RespOrg ID that the toll-free number is with now: five letters or digits',
    pattern: '[A-Z0-9]{5}',
    example: 'ATX01',
  },
  losing_provider_code: { help: 'The code of the losing provider', pattern: '[A-Z0-9]{3,5}', example: '001' },
  range_holder_code: { help: 'The code of the provider whose range the number is from', pattern: '[A-Z0-9]{3,5}', example: '001' },
  property_reference: { help: 'The UPRN of the address: up to twelve digits', pattern: '\\d{1,12}', example: '100023336956' },
  business_registration: { help: 'The number in the register of companies', pattern: '[A-Z0-9]{8,14}', example: '12345678' },
  tax_id: { help: 'The tax number of the account’s holder', pattern: '[A-Z0-9]{8,16}', example: 'B12345674' },
  date_of_birth: {
    help: 'Of the account’s holder: YYYY-MM-DD',
    pattern: '(19|20)\\d\\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])',
    example: '1980-05-17',
  },
} as const satisfies Readonly<Record<string, PortField>>;
export type PortFieldName = keyof typeof PORT_FIELDS;

/** What a field is in one country, where it is not what it is elsewhere. */
export const COUNTRY_FIELDS: Readonly<Record<string, Partial<Readonly<Record<PortFieldName, PortField>>>>> = {
  US: {
    postal_code: { help: 'The ZIP code of the service address', pattern: '\\d{5}(-\\d{4})?', example: '10118' },
  },
  CA: {
    state: { help: 'The province, in two letters', pattern: 'AB|BC|MB|NB|NL|NS|NT|NU|ON|PE|QC|SK|YT', example: 'ON' },
    postal_code: { help: 'The postal code of the service address', pattern: '[A-CEGHJ-NPR-TVXY]\\d[A-Z] ?\\d[A-Z]\\d', example: 'M5H 2N2' },
  },
  GB: {
    postal_code: {
      help: 'The postcode of the installation: most British refusals are about it',
      pattern: '[A-Z]{1,2}\\d[A-Z\\d]? ?\\d[A-Z]{2}',
      example: 'SW1A 2AA',
    },
    pin: { help: 'The PAC: three letters and six digits', pattern: '[A-Z]{3} ?\\d{6}', example: 'ABC123456' },
  },
  DE: {
    postal_code: { help: 'Die Postleitzahl: five digits', pattern: '\\d{5}', example: '10115' },
    losing_provider_code: {
      help: 'The porting code of the losing provider (PKIabg): D and three digits',
      pattern: 'D\\d{3}',
      example: 'D001',
    },
  },
  FR: {
    postal_code: { help: 'Five digits', pattern: '\\d{5}', example: '75008' },
    pin: {
      help: 'The RIO of the line: twelve characters, told by calling 3179 from it',
      pattern: '[0-9A-Z]{2}[A-Z][0-9A-Z+]{9}',
      example: '01E1234567AB',
    },
    business_registration: { help: 'The SIRET of the establishment: fourteen digits', pattern: '\\d{14}', example: '73282932000074' },
  },
  ES: {
    postal_code: { help: 'Five digits', pattern: '(0[1-9]|[1-4]\\d|5[0-2])\\d{3}', example: '28013' },
    tax_id: { help: 'NIF or NIE of the holder', pattern: '[A-Z]\\d{7}[0-9A-Z]|\\d{8}[A-Z]', example: 'B12345674' },
  },
  IT: {
    postal_code: { help: 'Five digits', pattern: '\\d{5}', example: '00187' },
    pin: { help: 'The migration code of the line, as on the bill', pattern: '[A-Z0-9]{8,18}', example: 'TI1234567890A' },
    tax_id: { help: 'Partita IVA or codice fiscale of the holder', pattern: '\\d{11}|[A-Z]{6}[0-9A-Z]{9}[A-Z]', example: '12345678903' },
  },
  NL: {
    postal_code: { help: 'Four digits and two letters', pattern: '[1-9]\\d{3} ?[A-Z]{2}', example: '1012 JS' },
    business_registration: { help: 'The KvK number: eight digits', pattern: '\\d{8}', example: '12345678' },
  },
  AU: {
    state: { help: 'The state or territory', pattern: 'ACT|NSW|NT|QLD|SA|TAS|VIC|WA', example: 'NSW' },
    postal_code: { help: 'Four digits', pattern: '\\d{4}', example: '2000' },
    business_registration: { help: 'The ABN: eleven digits', pattern: '\\d{11}', example: '51824753556' },
  },
};

/** What a field is in a country. */
export const fieldOf = (name: PortFieldName, country: string): PortField => COUNTRY_FIELDS[country]?.[name] ?? PORT_FIELDS[name];
