import type { CarrierRequirement } from '@trunkline/carriers';
import { PORT_FIELDS, fieldOf } from './port-fields.ts';
import type { PortFieldName } from './port-fields.ts';
import { PORT_DOCUMENT_KINDS } from './port-requirements.ts';
import type { DocumentRequirement, FieldRequirement, PortDocumentKind, PortRequirements } from './port-requirements.ts';

/** No carrier tells how old a document may be that it asks for; a bill of the last quarter and a letter of the month are what others take. */
const MAX_AGE_DAYS: Readonly<Record<PortDocumentKind, number>> = { letter_of_authority: 30, bill: 90 };

const isField = (name: string): name is PortFieldName => Object.hasOwn(PORT_FIELDS, name);
const isDocument = (name: string): name is PortDocumentKind => (PORT_DOCUMENT_KINDS as readonly string[]).includes(name);

const namesOf = (asks: readonly CarrierRequirement[], kind: CarrierRequirement['kind']): readonly string[] => [
  ...new Set(asks.flatMap((ask) => (ask.kind === kind && ask.name !== null ? [ask.name] : []))),
];

/** What a country asks and what the carrier asks besides: never less than either. What of it we have no field or document for is `otherAsks`. */
export const withCarriers = (ours: PortRequirements, asks: readonly CarrierRequirement[], country: string): PortRequirements => {
  const [fields, documents] = [namesOf(asks, 'field').filter(isField), namesOf(asks, 'document').filter(isDocument)];
  const known = new Set<string>(ours.fields.map((field) => field.name));
  const shown = new Set<string>(ours.documents.map((document) => document.kind));
  const more: FieldRequirement[] = fields
    .filter((name) => !known.has(name))
    .map((name) => ({ name, required: true, ...fieldOf(name, country) }));
  const papers: DocumentRequirement[] = documents
    .filter((kind) => !shown.has(kind))
    .map((kind) => ({ kind, maxAgeDays: MAX_AGE_DAYS[kind] }));
  return {
    fields: [...ours.fields.map((field) => ({ ...field, required: field.required || fields.includes(field.name) })), ...more],
    documents: [...ours.documents, ...papers],
  };
};

/** What a carrier asks that no field or document of ours answers: people look after it. */
export const otherAsks = (asks: readonly CarrierRequirement[]): readonly CarrierRequirement[] =>
  asks.filter(({ kind, name }) => name === null || !(kind === 'field' ? isField(name) : isDocument(name)));
