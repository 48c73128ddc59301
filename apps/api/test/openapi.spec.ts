import { readFileSync, writeFileSync } from 'node:fs';
import { ApiHarness } from './harness.ts';

const FILE = 'docs/openapi.json';

it(`is the document in ${FILE}; UPDATE_SCHEMA=1 npm test -- openapi writes it anew`, async () => {
  const api = await ApiHarness.start();
  const { body } = await api.as(undefined)('GET', '/openapi.json');
  await api.stop();
  const printed = `${JSON.stringify(body, null, 1)}\n`;
  if (process.env['UPDATE_SCHEMA'] === '1') writeFileSync(FILE, printed);
  expect(printed).toBe(readFileSync(FILE, 'utf8'));
});
