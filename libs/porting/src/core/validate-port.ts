import type { CarrierRequirement } from '@trunkline/carriers';
import type { FieldError } from '@trunkline/kernel';
import { withCarriers } from './carrier-asks.ts';
import { portRequirements } from './port-requirements.ts';
import type { DocumentRequirement, FieldRequirement, PortDocumentKind, PortProfile } from './port-requirements.ts';

/** What an order tells and shows. A document is as old as what it says, not as its upload. */
export type PortEntryForm = {
  readonly profile: PortProfile;
  readonly numbers: readonly string[];
  readonly fields: Readonly<Record<string, string>>;
  readonly documents: readonly { readonly kind: PortDocumentKind; readonly datedAt: Date }[];
  readonly carrierAsks?: readonly CarrierRequirement[]; // beside what the country does
};

const DAY_MS = 86_400_000;
const fault = (pointer: string, code: string, detail: string): FieldError => ({ pointer, code, detail });

const fieldFault = ({ name, required, help, pattern, example }: FieldRequirement, value: string | undefined): FieldError | undefined => {
  const says = `${help}, e.g. ${example}`;
  if (value === undefined || value.trim() === '') return required ? fault(`/fields/${name}`, 'missing', says) : undefined;
  return new RegExp(`^(?:${pattern})$`, 'u').test(value) ? undefined : fault(`/fields/${name}`, 'malformed', says);
};

const documentFault = ({ kind, maxAgeDays }: DocumentRequirement, form: PortEntryForm, now: Date): FieldError | undefined => {
  const dates = form.documents.filter((d) => d.kind === kind).map((d) => d.datedAt.getTime());
  const pointer = `/documents/${kind}`;
  if (dates.length === 0) return fault(pointer, 'missing', `One not older than ${maxAgeDays} days is needed`);
  if (Math.min(...dates) > now.getTime()) return fault(pointer, 'in_the_future', 'Its date has not come yet');
  const newest = Math.max(...dates.filter((d) => d <= now.getTime()));
  return now.getTime() - newest > maxAgeDays * DAY_MS ? fault(pointer, 'too_old', `It is older than ${maxAgeDays} days`) : undefined;
};

/** What fields say of each other: an account whose main number leaves while others stay needs another one that stays. */
const billingFaults = ({ fields, numbers }: PortEntryForm, takesNew: boolean): readonly FieldError[] => {
  const { billing_number: old, new_billing_number: next, remaining_numbers: rest } = fields;
  const pointer = '/fields/new_billing_number';
  const leaves = old !== undefined && rest === 'keep' && numbers.includes(old);
  if (!next) return leaves && takesNew ? [fault(pointer, 'missing', 'The main number leaves and others stay: name one that stays')] : [];
  if (next === old) return [fault(pointer, 'same_number', 'It is the main number already')];
  return numbers.includes(next) ? [fault(pointer, 'being_ported', 'It leaves too: name one that stays')] : [];
};

/** Everything that would make a carrier send the order back, each fault with the field it is about; none: it can be submitted. */
export const validatePort = (form: PortEntryForm, now: Date): readonly FieldError[] => {
  const { profile, fields } = form;
  const ours = portRequirements(profile);
  if (!ours) {
    const { country, type, customer } = profile;
    return [fault('/numbers', 'not_portable', `${type} numbers of ${country} cannot be ported for a ${customer} customer`)];
  }
  const requirements = withCarriers(ours, form.carrierAsks ?? [], profile.country);
  const known = new Set<string>(requirements.fields.map((f) => f.name));
  const faults = [
    ...Object.keys(fields)
      .filter((name) => !known.has(name))
      .map((name) => fault(`/fields/${name}`, 'unknown_field', `Such an order has ${[...known].join(', ')}`)),
    ...requirements.fields.map((field) => fieldFault(field, fields[field.name])),
    ...billingFaults(form, known.has('new_billing_number')),
    ...requirements.documents.map((document) => documentFault(document, form, now)),
  ];
  return faults.filter((f) => f !== undefined);
};
