import type { OpenAPIObject } from '@nestjs/swagger';
import { sample } from 'openapi-sampler';

/** An error code of the API, as its table defines it. */
export type ProblemCode = { readonly code: string; readonly title: string; readonly status: number };

type Media = { schema?: { $ref?: string; type?: string; example?: unknown }; example?: unknown };
type Answer = { description: string; content?: Record<string, Media> };
export type Operation = {
  operationId: string;
  summary: string;
  description?: string;
  tags?: string[];
  security?: Record<string, string[]>[];
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, Answer>;
  'x-access'?: string;
};

/** Domains whose codes begin with another word than their paths and tags. */
const PREFIXES_OF_TAG: Readonly<Record<string, readonly string[]>> = { Prices: ['rating'], Billing: ['billing', 'ledger'] };
const EVERYWHERE = ['request', 'resource', 'auth', 'idempotency', 'platform'];

const ACCESS: Readonly<Record<string, string>> = {
  public: 'Open to everybody.',
  operator: 'For keys of the operator only.',
  person: 'For people who have logged in, with the cookie of their session.',
  key: 'For any key; each part of the answer asks for its own scope.',
};

const singular = (segment: string): string => segment.replaceAll('-', '_').replace(/ies$/, 'y').replace(/s$/, '');

/** What the codes that an operation can answer with begin with. */
const prefixesOf = (path: string, tags: readonly string[] = []): ReadonlySet<string> =>
  new Set([
    ...EVERYWHERE,
    ...path.split('/').filter((segment) => segment !== '' && !segment.startsWith('{')).map(singular),
    ...tags.flatMap((tag) => PREFIXES_OF_TAG[tag] ?? [singular(tag.toLowerCase().replaceAll(' ', '_'))]),
  ]); // prettier-ignore

const listed = (codes: readonly ProblemCode[]): string =>
  codes.map(({ code, title }) => `- [\`${code}\`](/errors/${code}): ${title}`).join('\n');

/** Says who may call an operation, what its refusals are, and shows what is sent and answered. */
export const completeOperation = (document: OpenAPIObject, path: string, operation: Operation, codes: readonly ProblemCode[]): void => {
  const access = operation['x-access'] ?? 'public';
  const words = ACCESS[access] ?? `For keys with the scope \`${access}\`, and for the operator’s with \`Trunkline-Tenant\`.`;
  operation.description = operation.description === undefined ? words : `${operation.description}\n\n${words}`;
  const roles = ACCESS[access] ? [] : [access];
  const ways = access === 'public' ? [] : (operation.security ?? [{ bearer: [] }]);
  operation.security = ways.map((way) => ('bearer' in way ? { bearer: roles } : way));
  if (!Object.keys(operation.responses).some((status) => status.startsWith('2'))) operation.responses['200'] = { description: 'The file' };
  const prefixes = prefixesOf(path, operation.tags);
  const own = codes.filter(({ code }) => prefixes.has(code.split('.', 1)[0] ?? ''));
  for (const [status, answer] of Object.entries(operation.responses)) {
    const possible = own.filter((code) => code.status === Number(status));
    if (possible.length > 0) answer.description = `Problem (RFC 9457)\n\n${listed(possible)}`;
    for (const [type, media] of Object.entries(answer.content ?? {}))
      if (type === 'application/problem+json') media.example = exampleProblem(possible[0], Number(status));
      else showExample(document, media);
  }
  for (const media of Object.values(operation.requestBody?.content ?? {})) showExample(document, media);
};

const exampleProblem = (code: ProblemCode | undefined, status: number) => ({
  type: `/errors/${code?.code ?? 'platform.unavailable'}`,
  title: code?.title ?? 'A part of the platform does not answer; try again',
  status,
  code: code?.code ?? 'platform.unavailable',
  detail: code?.title ?? 'A part of the platform does not answer; try again',
  errors: status === 400 ? [{ pointer: '/name', code: 'invalid_type', detail: 'Invalid input: expected string, received undefined' }] : [],
  request_id: 'req_01kaq8x4s7fyz8m2q0w3e5r6t7',
});

const showExample = (document: OpenAPIObject, media: Media): void => {
  if (media.schema && media.example === undefined && media.schema.$ref !== undefined)
    media.example = sample(media.schema as object, { quiet: true }, document);
};
