import { readFileSync, writeFileSync } from 'node:fs';
import { printSchema } from 'graphql';
import { schemaOf } from './graphql-queries.ts';
import { ApiHarness } from './harness.ts';

const FILE = 'docs/schema.graphql';

it(`is the schema in ${FILE}; UPDATE_SCHEMA=1 npm test -- graphql-schema writes it anew`, async () => {
  const api = await ApiHarness.start();
  const printed = `${printSchema(schemaOf(api))}\n`;
  await api.stop();
  if (process.env['UPDATE_SCHEMA'] === '1') writeFileSync(FILE, printed);
  expect(printed).toBe(readFileSync(FILE, 'utf8'));
});
