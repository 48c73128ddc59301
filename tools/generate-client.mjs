// Generates libs/client/src/generated from docs/openapi.json: types and a method for each operation (@hey-api/openapi-ts), and
// operations.ts, what a program needs to know to offer every operation without code of its own (the CLI).
import { globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from '@hey-api/openapi-ts';
import { root } from './bootstrap.mjs';

export const OPENAPI = join(root, 'docs/openapi.json');
const OUTPUT = join(root, 'libs/client/src/generated');

const dereference = (document, schema) =>
  schema?.$ref === undefined ? schema : schema.$ref.slice(2).split('/').reduce((at, key) => at[key], document); // prettier-ignore

const describe = (field) => ({
  ...(field.enum === undefined ? {} : { choices: field.enum }),
  ...(field.default === undefined ? {} : { default: field.default }),
  ...(field.description === undefined ? {} : { description: field.description }),
});

function fieldOf(document, name, field, required) {
  const schema = dereference(document, field);
  const types = [schema.type ?? schema.anyOf?.map(({ type }) => type) ?? 'object'].flat();
  const items = fieldsOf(document, schema.items);
  return {
    name,
    required: required && field.default === undefined,
    type: types.find((type) => type !== 'null') ?? 'string',
    ...(types.includes('null') ? { nullable: true } : {}),
    ...(items.length > 0 ? { items } : {}),
    ...describe(field),
  };
}

/** What a command line needs of a schema: its fields, each with type, words and whether it must be there. */
function fieldsOf(document, schema) {
  const { properties = {}, required = [] } = dereference(document, schema) ?? {};
  return Object.entries(properties).map(([name, field]) => fieldOf(document, name, field, required.includes(name)));
}

function parametersOf(document, operation, place) {
  const all = (operation.parameters ?? []).filter((parameter) => parameter.in === place);
  return all.map(({ name, required, description, schema }) => fieldOf(document, name, { ...schema, description }, required === true));
}

function bodyOf(document, { requestBody }) {
  const [type, media] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  return type === undefined ? {} : { body: { type, fields: fieldsOf(document, media.schema) } };
}

/** One entry for each operation of a document. */
export function operationsOf(document) {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      id: operation.operationId,
      method: method.toUpperCase(),
      path,
      tag: operation.tags[0],
      summary: operation.summary,
      description: operation.description,
      pathParameters: parametersOf(document, operation, 'path'),
      queryParameters: parametersOf(document, operation, 'query'),
      tenantHeader: parametersOf(document, operation, 'header').some(({ name }) => name === 'Trunkline-Tenant'),
      ...bodyOf(document, operation),
    })),
  );
}

export async function generateClient() {
  rmSync(OUTPUT, { recursive: true, force: true });
  await createClient({
    input: OPENAPI,
    output: { path: OUTPUT, module: { extension: '.ts' }, fileName: { suffix: null } },
    logs: { level: 'silent', file: false },
    plugins: [
      { name: '@hey-api/client-fetch', throwOnError: true },
      '@hey-api/typescript',
      { name: '@hey-api/sdk', responseStyle: 'data', operations: { strategy: 'single', containerName: 'Operations', methods: 'instance' } },
    ],
  });
  // its helpers are written for looser compiler options than ours; the types it declares hold all the same
  for (const file of globSync('**/*.ts', { cwd: OUTPUT }))
    writeFileSync(join(OUTPUT, file), `// @ts-nocheck\n${readFileSync(join(OUTPUT, file), 'utf8')}`);
  const operations = operationsOf(JSON.parse(readFileSync(OPENAPI, 'utf8')));
  writeFileSync(
    join(OUTPUT, 'operations.ts'),
    `import type { Operation } from '../operations.ts';\n\nexport const OPERATIONS: readonly Operation[] = ${JSON.stringify(operations, null, 2)};\n`,
  );
}
