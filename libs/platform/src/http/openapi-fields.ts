import type { OpenAPIObject } from '@nestjs/swagger';

type Schema = { [key: string]: unknown; description?: string; example?: unknown; type?: unknown; properties?: Record<string, Schema> };
type Words = { readonly description: string; readonly example?: unknown };

const EARLIEST_INTEGER = -Number.MAX_SAFE_INTEGER;

/** Fields that mean the same wherever they stand. What a schema says itself comes first. */
const FIELDS: Readonly<Record<string, Words>> = {
  id: { description: 'The id of this resource' },
  object: { description: 'What kind of resource this is' },
  revision: { description: 'Counts its changes, from 1', example: 3 },
  created_at: { description: 'RFC 3339, UTC' },
  updated_at: { description: 'RFC 3339, UTC' },
  next_cursor: { description: 'For the next page; null on the last one', example: null },
  limit: { description: 'Items on a page' },
  cursor: { description: '`next_cursor` of the page before', example: 'eyJhdCI6IjIwMjYtMTEtMjMifQ' },
  name: { description: 'For people', example: 'Berlin office' },
  country: { description: 'ISO 3166-1 alpha-2', example: 'US' },
  currency: { description: 'ISO 4217', example: 'USD' },
  amount: { description: 'A decimal string in whole units of the currency' },
  number: { description: 'E.164', example: '+12025550123' },
  area_code: { description: 'National destination code', example: '202' },
  locality: { description: 'The place a number belongs to', example: 'Washington' },
  prefix: { description: 'First digits of an E.164 number, without the +', example: '1202' },
  starts_with: { description: 'First digits of the number; a + is written %2B in a URL', example: '1202' },
  trunk_id: { description: 'A trunk', example: 'trk_01kaq8x4s7fyz8m2q0w3e5r6t7' },
  tenant_id: { description: 'A tenant' },
  channels_max: { description: 'Calls at one time, both directions', example: 10 },
  priority: { description: 'Lowest first', example: 10 },
  weight: { description: 'Share of the calls among those of equal priority', example: 1 },
  uri: { description: 'A SIP URI', example: 'sip:198.51.100.7:5060' },
  sip_address: { description: 'Address and port for SIP over UDP and TCP', example: '198.51.100.10:5060' },
  sip_code: { description: 'The final SIP answer (RFC 3261 §21)', example: 200 },
  username: { description: 'Digest user', example: 'u7k2m9x4' },
  realm: { description: 'Digest realm', example: 'sip.trunkline.local' },
  default_caller_id: { description: 'Presented where a caller ID is refused and replaced; one of your numbers', example: '+12025550123' },
  external_reference: { description: 'Yours; kept as it is', example: 'crm-4711' },
  url: { description: 'An https address', example: 'https://hooks.example.com/trunkline' },
  event_type: { description: 'One of `GET /v1/webhook-event-types`', example: 'call.completed' },
  network: { description: 'An IPv4 address, or a network in CIDR notation', example: '198.51.100.0/28' },
  month: { description: 'Year and month, UTC', example: '2026-11' },
  reason: { description: 'For people', example: 'Asked for by the customer' },
  code: { description: 'Stable; for programs', example: 'trunk.name_taken' },
  detail: { description: 'For people', example: 'There is a trunk of that name' },
  title: { description: 'What the code means', example: 'There is a trunk of that name' },
  pointer: { description: 'JSON pointer (RFC 6901) to the faulty field', example: '/channels_max' },
  request_id: { description: 'To quote when asking for help', example: 'req_01kaq8x4s7fyz8m2q0w3e5r6t7' },
  type: { description: 'What kind it is' },
  state: { description: 'Where it is in its life' },
  status: { description: 'How it stands' },
  destination: { description: 'Name of the destination', example: 'USA and Canada' },
  description: { description: 'For people', example: '4 channels, monthly' },
  action: { description: 'What was done', example: 'trunk.created' },
  direction: { description: 'As seen from the tenant’s PBX' },
  payment_method_id: { description: 'Of the payment provider', example: 'pm_1QxT2e2eZvKYlo2C' },
};

/** The unit that a name ends in (docs/glossary.md). */
const UNITS: readonly (readonly [suffix: RegExp, description: string])[] = [
  [/_secs$/, 'Seconds'],
  [/_ms$/, 'Milliseconds'],
  [/_days$/, 'Days'],
  [/_months$/, 'Months'],
  [/_bytes$/, 'Bytes'],
  [/_at$|_until$|_from$/, 'RFC 3339, UTC'],
  [/_count$/, 'How many'],
];

const wordsFor = (name: string): Words | undefined => {
  if (Object.hasOwn(FIELDS, name)) return FIELDS[name];
  const unit = UNITS.find(([suffix]) => suffix.test(name));
  if (unit) return { description: unit[1] };
  return name.endsWith('_id') ? { description: `Id of the ${name.slice(0, -3).replaceAll('_', ' ')}` } : undefined;
};

const typesOf = (schema: Schema): readonly unknown[] => [schema.type].flat();
const takes = (schema: Schema, example: unknown): boolean =>
  typesOf(schema).includes(example === null ? 'null' : Number.isInteger(example) ? 'integer' : typeof example) &&
  (typeof schema['pattern'] !== 'string' || new RegExp(schema['pattern'], 'u').test(String(example)));
const isOpen = (schema: Schema): boolean => !['example', 'enum', 'const', 'default', 'format'].some((key) => key in schema);

/** Gives a field the words that its name has everywhere, where its schema says nothing. */
const describeField = (name: string, schema: Schema): void => {
  if ('$ref' in schema) return;
  const words = wordsFor(name);
  if (words) schema.description ??= words.description;
  if (words?.example !== undefined && isOpen(schema) && takes(schema, words.example)) schema.example = words.example;
};

/** The examples that fields of this name have elsewhere: what a body takes is what an answer holds. */
const examplesIn = (part: unknown, found: Map<string, unknown> = new Map()): ReadonlyMap<string, unknown> => {
  if (typeof part !== 'object' || part === null) return found;
  for (const [name, { example }] of Object.entries((part as Schema).properties ?? {}))
    if (example !== undefined && !found.has(name)) found.set(name, example);
  for (const inner of Object.values(part)) examplesIn(inner, found);
  return found;
};

const borrowExamples = (part: unknown, examples: ReadonlyMap<string, unknown>): void => {
  if (typeof part !== 'object' || part === null) return;
  for (const [name, field] of Object.entries((part as Schema).properties ?? {}))
    if (examples.has(name) && isOpen(field) && takes(field, examples.get(name))) field.example = examples.get(name);
  for (const inner of Object.values(part)) borrowExamples(inner, examples);
};

/** Describes every schema, then lets fields without an example borrow one of the same name. */
export const describeSchemas = (schemas: unknown): void => {
  describeFields(schemas);
  borrowExamples(schemas, examplesIn(schemas));
};

/** Describes every field of every schema in a part of the document, and takes away bounds that only say "an integer". */
const describeFields = (part: unknown): void => {
  if (typeof part !== 'object' || part === null) return;
  const schema = part as Schema;
  if (schema['minimum'] === EARLIEST_INTEGER) delete schema['minimum'];
  if (schema['maximum'] === Number.MAX_SAFE_INTEGER) delete schema['maximum'];
  if (schema.type === 'object') for (const [name, field] of Object.entries(schema.properties ?? {})) describeField(name, field);
  for (const inner of Object.values(part)) describeFields(inner);
};

/** Describes every parameter in the document, and takes away the second copy of its words. */
export const describeParameters = (document: OpenAPIObject): void => {
  for (const path of Object.values(document.paths))
    for (const operation of Object.values(path) as { parameters?: (Words & { name: string; schema: Schema })[] }[])
      for (const parameter of operation.parameters ?? []) {
        describeField(parameter.name, parameter.schema);
        const { description, ...schema } = parameter.schema;
        Object.assign(parameter, { description: parameter.description ?? description ?? parameter.name.replaceAll('_', ' '), schema });
      }
};
