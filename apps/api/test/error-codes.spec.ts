import { globSync, readFileSync } from 'node:fs';
import { ERROR_TABLES, documentedCodes } from '../src/error-codes.ts';
import { ApiHarness } from './harness.ts';

const tablesIn = (source: string): string[] => [...source.matchAll(/export const (\w+) = defineErrors\(/g)].map((m) => m[1] ?? '');

it('documents every table of errors in the libs', () => {
  const found = globSync('libs/*/src/**/*.ts').flatMap((file) => tablesIn(readFileSync(file, 'utf8')));
  expect(found.length).toBeGreaterThan(5);
  expect(found.sort()).toEqual(Object.keys(ERROR_TABLES).sort());
});

it('would see a table that is missing', () => {
  expect(tablesIn("export const plantedErrors = defineErrors({ a: { code: 'planted.a' } });")).toEqual(['plantedErrors']);
});

it('gives each code one meaning', () => {
  const { api, edge } = documentedCodes();
  for (const codes of [api, edge]) expect(new Set(codes.map((c) => c.code)).size).toBe(codes.length);
});

it('serves the page that problems point to', async () => {
  const harness = await ApiHarness.start();
  const { body: problem } = await harness.as(undefined)('GET', '/v1/tenant');
  expect(problem.type).toBe('/errors/auth.invalid_key');
  const page = await harness.as(undefined)('GET', problem.type);
  expect(page.body).toContain(problem.title);
  await harness.stop();
});
