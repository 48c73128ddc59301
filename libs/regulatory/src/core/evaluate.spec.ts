import fc from 'fast-check';
import { evaluate } from './evaluate.ts';
import type { BundleItem, Fault } from './evaluate.ts';
import { ruleAt } from './rule.ts';
import { RULES } from './rules.ts';

const now = new Date('2026-11-26T12:00:00Z');
const today = '2026-11-26';
const documents = new Set(['register', 'bill']);
const at = { today, documents };
const german = ruleAt(RULES, { country: 'DE', numberType: 'local', endUser: 'business' }, now);
const spanish = ruleAt(RULES, { country: 'ES', numberType: 'national', endUser: 'business' }, now);

const name = { code: 'name', text: 'Muster GmbH' };
const berlin = { line: 'Unter den Linden 1', city: 'Berlin', postalCode: '10117', country: 'DE', areaCode: '30' };
const address = { code: 'address', address: berlin };
const register = { code: 'business_registration', document: { documentId: 'register', issuedOn: '2026-06-01', expiresOn: null } };
const bill = { code: 'address_proof', document: { documentId: 'bill', issuedOn: '2026-11-01', expiresOn: '2027-03-01' } };
const whole: readonly BundleItem[] = [name, address, register, bill];
const instead = (item: BundleItem): BundleItem[] => [...whole.filter(({ code }) => code !== item.code), item];
const faults = (items: readonly BundleItem[], areaCode?: string) =>
  evaluate(german, items, { ...at, areaCode }).findings.flatMap(({ code, fault }) => (fault ? [`${code}: ${fault}`] : []));

it('is compliant when everything is there, until the first document expires', () =>
  expect(evaluate(german, whole, at)).toMatchObject({ compliant: true, validUntil: '2027-03-01' }));

it.each<[string, BundleItem, Fault]>([
  ['a text for an address', { code: 'address', text: 'Berlin' }, 'wrong_kind'],
  ['a document for a name', { code: 'name', document: bill.document }, 'wrong_kind'],
  ['an address abroad', { code: 'address', address: { ...berlin, country: 'AT' } }, 'wrong_country'],
  ['an address of no area', { code: 'address', address: { ...berlin, areaCode: null } }, 'wrong_area'],
  ['a bill of 91 days', { code: 'address_proof', document: { ...bill.document, issuedOn: '2026-08-27' } }, 'too_old'],
  ['a bill without a date', { code: 'address_proof', document: { ...bill.document, issuedOn: null } }, 'undated'],
  ['a bill that expires today', { code: 'address_proof', document: { ...bill.document, expiresOn: today } }, 'expired'],
  ['a bill that was taken away', { code: 'address_proof', document: { ...bill.document, documentId: 'gone' } }, 'removed'],
])('names %s', (_, item, fault) => expect(faults(instead(item))).toEqual([`${item.code}: ${fault}`]));

it.each(['name', 'address', 'business_registration', 'address_proof'])('names %s when it is missing', (code) =>
  expect(faults(whole.filter((item) => item.code !== code))).toEqual([`${code}: missing`]),
);

it('takes a bill of 90 days', () =>
  expect(faults(instead({ code: 'address_proof', document: { ...bill.document, issuedOn: '2026-08-28' } }))).toEqual([]));

it('of an area is for numbers of that area', () => {
  expect(faults(whole, '30')).toEqual([]);
  expect(faults(whole, '89')).toEqual(['address: wrong_area']);
});

it.each([
  ['A12345678', null],
  ['12345678Z', null],
  ['A1234567', 'malformed'],
  ['a12345678', 'malformed'],
])('a Spanish tax number %s: %j', (text, fault) =>
  expect(evaluate(spanish, [{ code: 'tax_id', text }], at).findings.find(({ code }) => code === 'tax_id')?.fault).toBe(fault),
);

it('asks for nothing where there is no rule', () =>
  expect(evaluate(undefined, [], at)).toEqual({ compliant: true, findings: [], validUntil: null }));

it('is compliant when and only when nothing is found, and more items never hide a fault of another', () => {
  const item = fc.constantFrom<BundleItem>(
    ...whole,
    { code: 'address', text: 'x' },
    { code: 'name', document: bill.document },
    { code: 'other', text: '' },
  );
  fc.assert(
    fc.property(fc.array(item), fc.constantFrom(...RULES), (items, rule) => {
      const { compliant, findings } = evaluate(rule, items, at);
      expect(findings.map(({ code }) => code)).toEqual(rule.requirements.map(({ code }) => code));
      expect(compliant).toBe(findings.every(({ fault }) => fault === null));
      expect(evaluate(rule, [...items, { code: 'unasked', text: 'x' }], at).findings).toEqual(findings);
    }),
  );
});
