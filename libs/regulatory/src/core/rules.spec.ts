import { ruleAt } from './rule.ts';
import { RULES } from './rules.ts';

it('there are rules of ten countries, for people and for companies', () => {
  expect([...new Set(RULES.map(({ country }) => country))].sort()).toEqual(['AU', 'CA', 'DE', 'ES', 'FR', 'GB', 'IT', 'JP', 'NL', 'US']);
  expect(RULES.filter(({ endUser }) => endUser === 'business')).toHaveLength(RULES.length / 2);
});

it('no version is there twice, and later ones come later', () => {
  const keys = RULES.map(({ country, numberType, endUser, version }) => [country, numberType, endUser, version].join());
  expect(new Set(keys).size).toBe(keys.length);
  for (const rule of RULES)
    for (const other of RULES.filter((o) => o.country === rule.country && o.numberType === rule.numberType && o.endUser === rule.endUser))
      if (other.version > rule.version) expect(other.effectiveFrom > rule.effectiveFrom).toBe(true);
});

it('asks for nothing twice, and by patterns that can be read', () => {
  for (const { requirements } of RULES) {
    expect(new Set(requirements.map(({ code }) => code)).size).toBe(requirements.length);
    for (const r of requirements) if (r.kind === 'text' && r.pattern) expect(() => new RegExp(r.pattern ?? '')).not.toThrow();
  }
});

it.each([
  ['2019-12-31T23:59:59Z', undefined],
  ['2020-01-01T00:00:00Z', 1],
  ['2021-11-30T23:59:59Z', 1],
  ['2021-12-01T00:00:00Z', 2],
  ['2026-11-26T00:00:00Z', 2],
])('of a German local number at %s holds version %s', (instant, version) =>
  expect(ruleAt(RULES, { country: 'DE', numberType: 'local', endUser: 'business' }, new Date(instant))?.version).toBe(version),
);

it.each([
  ['US', 'local', 'business', []],
  ['GB', 'local', 'individual', ['name', 'address']],
  ['GB', 'mobile', 'individual', ['name', 'identity_document', 'address', 'address_proof']],
  ['DE', 'local', 'business', ['name', 'business_registration', 'address', 'address_proof']],
  ['FR', 'national', 'individual', ['name', 'identity_document', 'address', 'address_proof']],
  ['ES', 'local', 'business', ['name', 'business_registration', 'address', 'address_proof', 'tax_id']],
  ['IT', 'local', 'individual', ['name', 'identity_document', 'address', 'address_proof', 'tax_id']],
  ['NL', 'local', 'business', ['name', 'business_registration', 'address', 'address_proof']],
  ['AU', 'local', 'business', ['name', 'address']],
  ['JP', 'local', 'business', ['name', 'business_registration', 'address', 'address_proof']],
] as const)('%s %s numbers take of %s: %j', (country, numberType, endUser, codes) =>
  expect(ruleAt(RULES, { country, numberType, endUser }, new Date('2026-11-26'))?.requirements.map(({ code }) => code)).toEqual(codes),
);
