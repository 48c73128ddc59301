import type { CarrierRequirement } from '@trunkline/carriers';
import fc from 'fast-check';
import { otherAsks, withCarriers } from './carrier-asks.ts';
import { PORT_FIELDS } from './port-fields.ts';
import { PORT_COUNTRIES, PORT_CUSTOMERS, PORT_DOCUMENT_KINDS, portRequirements } from './port-requirements.ts';
import { validatePort } from './validate-port.ts';

const ask = (kind: 'field' | 'document', name: string | null): CarrierRequirement => ({
  kind,
  name,
  label: name ?? 'Proof of identity',
  help: '',
});
const US = { country: 'US', type: 'local', customer: 'business', simple: true } as const;
const simple = portRequirements(US)!;

it('asks for what the carrier does besides: a field that may be told must be, one that is not among them is, and so is a document', () => {
  const { fields, documents } = withCarriers(simple, [ask('field', 'pin'), ask('field', 'tax_id'), ask('document', 'bill')], 'US');
  const needs = (name: string) => fields.find((f) => f.name === name)?.required;
  expect([needs('pin'), needs('tax_id'), needs('account_number')]).toEqual([true, true, true]);
  expect(documents.map((d) => d.kind)).toEqual(['letter_of_authority', 'bill']);
});

it('keeps what has no field or document here for people', () => {
  const asks = [ask('document', null), ask('field', 'bill'), ask('field', 'pin'), ask('document', 'bill')];
  expect(otherAsks(asks)).toEqual([asks[0], asks[1]]);
  expect(withCarriers(simple, asks.slice(0, 2), 'US')).toEqual(simple);
});

it('never asks for less than the country does, and never for anything twice', () => {
  const names = fc.constantFrom(...Object.keys(PORT_FIELDS), ...PORT_DOCUMENT_KINDS, 'constructor', null);
  const asks = fc.array(fc.record({ kind: fc.constantFrom('field' as const, 'document' as const), name: names }), { maxLength: 8 });
  const profile = fc.record({
    country: fc.constantFrom(...PORT_COUNTRIES),
    type: fc.constantFrom('local' as const, 'national' as const, 'mobile' as const, 'toll_free' as const),
    customer: fc.constantFrom(...PORT_CUSTOMERS),
    simple: fc.boolean(),
  });
  fc.assert(
    fc.property(asks, profile, (some, of) => {
      const ours = portRequirements(of);
      if (!ours) return;
      const both = withCarriers(
        ours,
        some.map(({ kind, name }) => ask(kind, name)),
        of.country,
      );
      const required = (from: typeof ours) => from.fields.filter((f) => f.required).map((f) => f.name);
      expect(required(both)).toEqual(expect.arrayContaining(required(ours)));
      expect(both.fields.map((f) => f.name)).toEqual(expect.arrayContaining(ours.fields.map((f) => f.name)));
      expect(both.documents).toEqual(expect.arrayContaining([...ours.documents]));
      expect(new Set(both.fields.map((f) => f.name)).size).toBe(both.fields.length);
      expect(new Set(both.documents.map((d) => d.kind)).size).toBe(both.documents.length);
    }),
    { numRuns: 1_000 },
  );
});

it('is looked at before an order goes: what the carrier asks and the order lacks is a fault by its name', () => {
  const fields = { subscriber_name: 'Ann Lee', signer_name: 'Ann Lee', account_number: '4471', postal_code: '10118' };
  const now = new Date('2026-03-02T16:00:00Z');
  const form = { profile: US, numbers: ['+12125550100'], fields, documents: [{ kind: 'letter_of_authority' as const, datedAt: now }] };
  expect(validatePort(form, now)).toEqual([]);
  const faults = validatePort({ ...form, carrierAsks: [ask('field', 'pin'), ask('document', 'bill'), ask('document', null)] }, now);
  expect(faults.map(({ pointer, code }) => `${pointer} ${code}`)).toEqual(['/fields/pin missing', '/documents/bill missing']);
});
