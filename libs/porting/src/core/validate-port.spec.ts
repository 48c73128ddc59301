import { COUNTRY_FIELDS, PORT_FIELDS } from './port-fields.ts';
import { PORT_COUNTRIES, portRequirements } from './port-requirements.ts';
import type { PortDocumentKind, PortProfile } from './port-requirements.ts';
import { validatePort } from './validate-port.ts';
import type { PortEntryForm } from './validate-port.ts';

const NOW = new Date('2026-11-26T12:00:00Z');
const daysAgo = (days: number): Date => new Date(NOW.getTime() - days * 86_400_000);

const PROFILES: readonly PortProfile[] = PORT_COUNTRIES.flatMap((country) =>
  (['local', 'national', 'mobile', 'toll_free', 'shared_cost'] as const).flatMap((type) =>
    (['business', 'residential'] as const).flatMap((customer) => [true, false].map((simple) => ({ country, type, customer, simple }))),
  ),
);
const ported = PROFILES.filter((profile) => portRequirements(profile) !== undefined);

/** A form with every field as its example has it, and every document of today. */
const whole = (profile: PortProfile): PortEntryForm => {
  const { fields, documents } = portRequirements(profile)!;
  return {
    profile,
    numbers: ['+12125550123'],
    fields: Object.fromEntries(fields.map((f) => [f.name, f.example])),
    documents: documents.map(({ kind }) => ({ kind, datedAt: NOW })),
  };
};
const faults = (form: PortEntryForm) => validatePort(form, NOW).map(({ pointer, code }) => `${pointer} ${code}`);
const without = (form: PortEntryForm, name: string): PortEntryForm => ({
  ...form,
  fields: Object.fromEntries(Object.entries(form.fields).filter(([key]) => key !== name)),
});

const profile = (country: string, other: Partial<PortProfile> = {}): PortProfile => ({
  country,
  type: 'local',
  customer: 'business',
  simple: false,
  ...other,
});
const needs = (of: PortProfile): string =>
  portRequirements(of)!
    .fields.filter((f) => f.required)
    .map((f) => f.name)
    .join(' ');
const shows = (of: PortProfile): string =>
  portRequirements(of)!
    .documents.map((d) => `${d.kind} ${d.maxAgeDays}`)
    .join(', ');

describe('what a port has to tell', () => {
  it.each([
    ['US simple', profile('US', { simple: true }), 'subscriber_name signer_name account_number postal_code', 'letter_of_authority 30'],
    [
      'US non-simple',
      profile('US'),
      'subscriber_name signer_name account_number service_address city postal_code state billing_number remaining_numbers',
      'letter_of_authority 30, bill 30',
    ],
    [
      'US toll-free',
      profile('US', { type: 'toll_free' }),
      'subscriber_name signer_name service_address city postal_code state responsible_organisation',
      'letter_of_authority 30, bill 90',
    ],
    [
      'US wireless',
      profile('US', { type: 'mobile' }),
      'subscriber_name signer_name account_number pin postal_code',
      'letter_of_authority 30',
    ],
    [
      'CA',
      profile('CA'),
      'subscriber_name signer_name account_number service_address city postal_code state',
      'letter_of_authority 30, bill 90',
    ],
    [
      'GB',
      profile('GB'),
      'subscriber_name signer_name billing_number service_address postal_code losing_provider_code range_holder_code',
      'letter_of_authority 30',
    ],
    ['GB home', profile('GB', { customer: 'residential' }), 'subscriber_name service_address postal_code losing_provider_code', ''],
    ['GB mobile', profile('GB', { type: 'mobile' }), 'subscriber_name pin', ''],
    [
      'DE',
      profile('DE'),
      'subscriber_name signer_name service_address city postal_code losing_provider_code remaining_numbers',
      'letter_of_authority 30',
    ],
    [
      'FR',
      profile('FR'),
      'subscriber_name signer_name pin business_registration service_address city postal_code',
      'letter_of_authority 30',
    ],
    [
      'FR home',
      profile('FR', { customer: 'residential' }),
      'subscriber_name signer_name pin service_address city postal_code',
      'letter_of_authority 30',
    ],
    ['ES', profile('ES'), 'subscriber_name signer_name tax_id service_address city postal_code', 'letter_of_authority 30, bill 90'],
    ['IT', profile('IT'), 'subscriber_name signer_name pin tax_id service_address city postal_code', 'letter_of_authority 30, bill 90'],
    [
      'NL',
      profile('NL'),
      'subscriber_name signer_name account_number business_registration service_address city postal_code',
      'letter_of_authority 30',
    ],
    [
      'AU mobile',
      profile('AU', { type: 'mobile', customer: 'residential' }),
      'subscriber_name signer_name account_number date_of_birth',
      'letter_of_authority 30',
    ],
  ])('%s', (_, of, fields, documents) => expect([needs(of), shows(of)]).toEqual([fields, documents]));

  it('covers nine countries, each type or a clear no', () => {
    expect(PORT_COUNTRIES).toEqual(['US', 'CA', 'GB', 'DE', 'FR', 'ES', 'IT', 'NL', 'AU']);
    expect(faults({ ...whole(profile('US')), profile: profile('US', { type: 'toll_free', customer: 'residential' }) })).toEqual([
      '/numbers not_portable',
    ]);
    expect(faults({ ...whole(profile('US')), profile: profile('JP') })).toEqual(['/numbers not_portable']);
  });

  it('gives each field an example that fits it, in every country', () => {
    for (const field of [...Object.values(PORT_FIELDS), ...Object.values(COUNTRY_FIELDS).flatMap((f) => Object.values(f))])
      expect(field.example).toMatch(new RegExp(`^(?:${field.pattern})$`, 'u'));
  });
});

describe.each(ported.map((p) => [`${p.country} ${p.type} ${p.customer}${p.simple ? ' simple' : ''}`, p] as const))('%s', (_, of) => {
  it('takes a whole form, and names each field that is missing, blank, malformed or unknown', () => {
    const form = whole(of);
    expect(faults(form)).toEqual([]);
    for (const { name, required } of portRequirements(of)!.fields) {
      const expected = required ? [`/fields/${name} missing`] : [];
      expect(faults(without(form, name))).toEqual(expected);
      expect(faults({ ...form, fields: { ...form.fields, [name]: ' ' } })).toEqual(expected);
      expect(faults({ ...form, fields: { ...form.fields, [name]: 'x\u0007' } })).toContain(`/fields/${name} malformed`);
    }
    expect(faults({ ...form, fields: { ...form.fields, shoe_size: '44' } })).toEqual(['/fields/shoe_size unknown_field']);
  });

  it('wants each document, and none too old', () => {
    const form = whole(of);
    for (const { kind, maxAgeDays } of portRequirements(of)!.documents) {
      const others = form.documents.filter((d) => d.kind !== kind);
      const dated = (datedAt: Date) => faults({ ...form, documents: [...others, { kind, datedAt }] });
      expect(faults({ ...form, documents: others })).toEqual([`/documents/${kind} missing`]);
      expect(dated(daysAgo(maxAgeDays))).toEqual([]);
      expect(dated(new Date(daysAgo(maxAgeDays).getTime() - 1))).toEqual([`/documents/${kind} too_old`]);
      expect(dated(new Date(NOW.getTime() + 1))).toEqual([`/documents/${kind} in_the_future`]);
    }
  });
});

describe('a field', () => {
  it.each([
    ['US', 'postal_code', '10118-0110', true],
    ['US', 'postal_code', '1011', false],
    ['US', 'state', 'ny', false],
    ['US', 'account_number', 'A'.repeat(40), true],
    ['US', 'account_number', 'A'.repeat(41), false],
    ['US', 'account_number', 'A#1', false],
    ['CA', 'postal_code', 'M5H2N2', true],
    ['CA', 'postal_code', 'D5H 2N2', false],
    ['GB', 'postal_code', 'EC1A 1BB', true],
    ['GB', 'postal_code', 'EC1A', false],
    ['DE', 'losing_provider_code', 'D123', true],
    ['DE', 'losing_provider_code', '123', false],
    ['DE', 'postal_code', '1011', false],
    ['FR', 'pin', '01E12345678', false],
    ['FR', 'business_registration', '7328293200007', false],
    ['ES', 'postal_code', '53001', false],
    ['ES', 'tax_id', 'X1234567L', true],
    ['NL', 'postal_code', '0123 AB', false],
    ['US', 'billing_number', '2125550100', false],
    ['US', 'subscriber_name', 'Łukasz Żółć 株式会社', true],
    ['US', 'subscriber_name', 'a\nb', false],
  ] as const)('of %s: %s %j is good: %s', (country, name, value, good) => {
    const form = whole(profile(country));
    expect(faults({ ...form, fields: { ...form.fields, [name]: value } })).toEqual(good ? [] : [`/fields/${name} malformed`]);
  });
});

describe('the main number', () => {
  const form = whole(profile('US'));
  const told = (fields: Record<string, string>, numbers: readonly string[]) =>
    faults({ ...without(form, 'new_billing_number'), numbers, fields: { ...without(form, 'new_billing_number').fields, ...fields } });
  const [OLD, NEXT] = ['+12125550100', '+12125550199'];
  it.each([
    ['stays', { remaining_numbers: 'keep' }, [NEXT], []],
    ['leaves with all others', { remaining_numbers: 'none' }, [OLD], []],
    ['leaves, others stay', { remaining_numbers: 'keep' }, [OLD], ['/fields/new_billing_number missing']],
    [
      'leaves, and is to follow itself',
      { remaining_numbers: 'keep', new_billing_number: OLD },
      [OLD],
      ['/fields/new_billing_number same_number'],
    ],
    [
      'leaves, and so does its successor',
      { remaining_numbers: 'keep', new_billing_number: NEXT },
      [OLD, NEXT],
      ['/fields/new_billing_number being_ported'],
    ],
    ['leaves, another follows', { remaining_numbers: 'keep', new_billing_number: NEXT }, [OLD], []],
  ] as const)('%s', (_, fields, numbers, expected) => expect(told(fields, numbers)).toEqual(expected));
});

it('says more than one thing at once', () => {
  const kinds: readonly PortDocumentKind[] = ['bill'];
  const form = { ...whole(profile('US')), fields: { pin: '1' }, documents: kinds.map((kind) => ({ kind, datedAt: daysAgo(31) })) };
  expect(faults(form)).toHaveLength(9 + 1 + 2);
});
